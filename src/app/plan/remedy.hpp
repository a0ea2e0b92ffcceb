#pragma once
// Which keys of an input make its plan smaller.

#include "app/input/input.hpp"
#include "app/plan/machine.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cascade::app {

/// A smaller value of one key, all others as they are.
struct Remedy {
  std::string key;
  std::string before, value;
  std::int64_t bytes_per_rank = 0; ///< peak of the plan with it
  bool fits = false;
  double share = 1; ///< of the value that is left
};

/// The peak of an input's plan, in bytes a rank; throws core::Error for an input that is none.
using PeakOf = std::function<std::int64_t(const Input&)>;

/// Remedies that lower the peak, those that fit first, among these the mildest first. `resolved`: an input with every
/// key and its value, as JSON; `before`: its peak. Every whole number of it that says how much, not what, is tried
/// halved and halved again (small ones to the number), and every list of numbers without its largest. Local.
std::vector<Remedy> remedies(const InputSource& resolved, std::int64_t before, const Machine& machine,
                             const PeakOf& peak_of);

/// Where a key is written: "file:line:column", "--set KEY", or the file where it has its default. Local.
std::string position_of(const InputSource& source, const std::string& key);

} // namespace cascade::app
