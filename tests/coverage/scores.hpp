#pragma once
// Coverage, bias and error against scatter of the intervals of one kind.

#include "tests/coverage/kind.hpp"

#include <string>
#include <vector>

namespace cascade::coverage {

/// Of one quantity over the inputs of a kind: at most one interval an input, so inputs are what is counted.
struct Score {
  std::string quantity;
  int inputs = 0, answered = 0, covered = 0;
  int rejected = 0;                                ///< truth further than 5 errors away: a false rejection
  double bias = 0;                                 ///< mean of (value - truth)/error
  double error_to_scatter = 0;                     ///< 1 / standard deviation of (value - truth)/error
  double typical_deviation = 0, typical_error = 0; ///< medians of |value - truth| and of error
};

/// One score a quantity, in order of appearance.
std::vector<Score> scores(const std::vector<std::vector<Interval>>& inputs);

/// Too few covered to be chance: the probability of so few among `answered` is below 0.001 if each is covered with
/// probability `wanted` (binomial law).
bool too_few(const Score& score, double wanted);

std::string table_head();
std::string table_row(const std::string& kind, const Score& score);

} // namespace cascade::coverage
