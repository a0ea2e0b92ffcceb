#pragma once
// Numbers as people write them into tables.

#include <optional>
#include <string>

namespace cascade::analysis {

/// A number as people write it: 2.5e9, 1.4B, 300M, 12k, 3T, 1,400,000. `suffix`: it ended in a letter; `grouped`: it
/// had separators of thousands; `percent`: it ended in %, and `value` is not divided. Nothing when it is none.
struct WrittenNumber {
  double value = 0;
  bool suffix = false, grouped = false, percent = false;
};
std::optional<WrittenNumber> written_number(const std::string& cell);

} // namespace cascade::analysis
