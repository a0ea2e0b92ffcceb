#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <ranges>
#include <type_traits>

namespace cascade::test {

/// Equal length and equal bits: tells 0 from -0 and finds equal NaNs equal. Ranges of double or of bytes; empty ones
/// are equal.
template <std::ranges::sized_range A, std::ranges::sized_range B>
bool same_bits(const A& a, const B& b) {
  using Value = std::ranges::range_value_t<A>;
  return std::ranges::equal(a, b, [](const Value& x, const Value& y) {
    if constexpr (std::is_same_v<Value, double>)
      return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    else
      return x == y;
  });
}

} // namespace cascade::test
