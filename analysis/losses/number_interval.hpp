#pragma once
// Profile intervals of numbers that follow from a scaling law: an exponent of the best use, a size, a loss.

#include "analysis/losses/loss_errors.hpp"

#include <functional>
#include <limits>
#include <vector>

namespace cascade::analysis {

/// A number above zero that follows from a law; NaN outside its domain.
using LossNumber = std::function<double(const LossParameters&)>;

/// A 95% interval, and the laws at its ends (those furthest out that were found, where an end is open).
struct NumberInterval {
  Interval interval{};
  LossParameters at_low, at_high;
};

/// The values of a number y at which the objective F, minimised over all laws that give y, rises by less than the limit
/// that profile_intervals() has (docs/theory.md (42)), the ratio of robust to standard error taken along y, one at
/// least: both are made at the optimum, and may widen what is read off far from it, but not narrow it. The lowest point
/// of F + K (log y - v)^2 is the lowest of all laws with its y, whatever K and v: the profile is followed by moving v
/// outward, from the lowest end of all searches and from every other end below the limit (at one ratio D/N the two
/// terms may be taken for one another, and the profile has two valleys). Where it never rises above the limit the end
/// is that of the number's range: 0 or `highest`. Points of one run count as one: the robust error sums over runs, and
/// Student's t has as many degrees of freedom as there are runs. Above `most_profiled` points numbers whose error is
/// small have intervals to first order. Immutable; local, deterministic.
class NumberIntervals {
public:
  /// `run`: of each point, or empty. `inflation` of the rise, where the residuals are not what is supposed of them.
  NumberIntervals(const LossTable& table, const LossFit& fit, const std::vector<int>& run, double inflation);

  NumberInterval operator()(const LossNumber& number, double highest = std::numeric_limits<double>::infinity()) const;

  static constexpr std::size_t most_profiled = 5000;

private:
  LossProblem problem_, few_;
  LossFit fit_;
  std::vector<int> run_;
  double student_ = 0, inflation_ = 1, lowest_ = 0;
  bool equal_ = false;            ///< too few points for robust errors
  std::vector<SmallVector> ends_; ///< of searches, the best first
};

/// 95% interval of the loss of one new run, from that of its mean: the distance to each end of the mean's and that to a
/// residual's (of log L), as independent, in the logarithm. Residuals: Student's t times their standard deviation for
/// `squares`; otherwise, with enough of them, the two between which 95% of new ones fall (order statistics at .025 and
/// .975 of n + 1), which supposes no distribution. Pure.
Interval new_run_interval(double mean, const Interval& of_mean, std::vector<double> log_residuals, int parameters,
                          bool squares);

} // namespace cascade::analysis
