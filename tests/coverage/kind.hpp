#pragma once
// What the coverage harness measures: kinds of inputs whose truth is known.

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::coverage {

/// One interval and the truth it should hold.
struct Interval {
  std::string quantity;
  double truth;
  bool answered; ///< false: the program said that it cannot tell ("no range", "pinned", "failed")
  double value, error, low, high;
};

/// A family of inputs: everything about one of them follows from its seed.
struct Kind {
  std::string name, summary;
  int seeds;       ///< inputs of the full table
  int quick_seeds; ///< of the short one
  bool answerable; ///< false: the right answer is "no range", for every input
  std::vector<Interval> (*measure)(std::uint64_t seed);
};

const std::vector<Kind>& kinds();

} // namespace cascade::coverage
