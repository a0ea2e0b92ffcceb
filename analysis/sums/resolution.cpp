#include "analysis/sums/resolution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {

double rounding_of(std::span<const double> values) {
  constexpr double of_double = 1e-13; // transforms and long sums leave some hundred roundings
  constexpr double of_single = 2.5e-7;
  constexpr double largest_single = std::numeric_limits<float>::max();
  double largest = 0;
  bool single = true, whole = true;
  for (const double v : values) {
    largest = std::max(largest, std::abs(v));
    single = single && std::abs(v) <= largest_single && static_cast<double>(static_cast<float>(v)) == v;
    whole = whole && std::floor(v) == v;
  }
  return largest * (single && !whole ? of_single : of_double);
}

} // namespace cascade::analysis
