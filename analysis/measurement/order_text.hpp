#pragma once
// Numbers in names.

#include <fmt/format.h>

#include <string>

namespace cascade::analysis {

/// "2", "2.5": orders and loss powers in names and ids.
inline std::string order_text(double order) {
  return fmt::format("{:g}", order);
}

} // namespace cascade::analysis
