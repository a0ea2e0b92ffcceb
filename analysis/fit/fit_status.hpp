#pragma once
// What a fit knows about itself.

#include <optional>
#include <string>
#include <string_view>

namespace cascade::analysis {

/// In the order of how much is wrong; a number derived from several fits has the worst status among them.
enum class FitStatus {
  good,     ///< the model describes the data, or nothing could be tested
  widened,  ///< it does not, and the quoted error holds what windows, models and misfit say
  no_range, ///< too few octaves for an exponent
  pinned,   ///< a parameter sits on a bound of its search: the number is the bound's
  failed    ///< nothing describes the data, and the misfit leaves the exponent open
};

/// "good", "widened", "no range", "pinned", "failed".
std::string to_text(FitStatus status);

/// The status of that name; nullopt for any other text.
std::optional<FitStatus> status_from_text(std::string_view text);

/// May a law be judged by this fit? Not where it is pinned, failed or without a range.
bool decides(FitStatus status);

} // namespace cascade::analysis
