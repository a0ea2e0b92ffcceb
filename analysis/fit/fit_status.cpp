#include "analysis/fit/fit_status.hpp"

#include <stdexcept>
#include <utility>

namespace cascade::analysis {
namespace {

constexpr std::pair<FitStatus, std::string_view> names[] = {{FitStatus::good, "good"},
                                                            {FitStatus::widened, "widened"},
                                                            {FitStatus::no_range, "no range"},
                                                            {FitStatus::pinned, "pinned"},
                                                            {FitStatus::failed, "failed"}};

} // namespace

std::string to_text(FitStatus status) {
  for (const auto& [value, name] : names)
    if (value == status)
      return std::string(name);
  throw std::logic_error("to_text: a status without a name");
}

std::optional<FitStatus> status_from_text(std::string_view text) {
  for (const auto& [value, name] : names)
    if (name == text)
      return value;
  return std::nullopt;
}

bool decides(FitStatus status) {
  return status == FitStatus::good || status == FitStatus::widened;
}

} // namespace cascade::analysis
