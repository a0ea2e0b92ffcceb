#pragma once
// What is asked of a table of runs: a compute, a pair of size and tokens, or a loss.

#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// One of three: `compute`; `params` and `tokens`; `loss`.
struct Target {
  std::optional<double> compute, params, tokens, loss;
  std::string text; ///< as asked
};

/// "1e24", "C=1e24", "N=7e9,D=2e12", "loss=2.0", several between semicolons; numbers as 7B or 7e9. Puts what is wrong
/// into `problem` and leaves it out. Local, pure.
std::vector<Target> targets_of(const std::string& text, std::string& problem);

} // namespace cascade::app
