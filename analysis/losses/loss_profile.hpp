#pragma once
// Profile intervals of the parameters of a scaling law.

#include "analysis/losses/loss_errors.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// The lowest point with a quantity held at a value, from the fit and from fresh starts.
SmallVector lowest_with(const LossProblem& problem, const LossFit& fit, const LossQuantity& quantity, double value);

/// One quantity's 95% intervals.
struct LossInterval {
  std::string name; ///< of the LossQuantity
  double value = 0;
  Interval equal{}, any{}; ///< Spread::equal, Spread::any; an end that the data do not bound is infinite (0 for E)
};

struct ProfileOptions {
  double rise = 0;      ///< of the objective in deviance scales; 0: the 95% point of F(1, n - p)
  double inflation = 1; ///< of the rise, where the residuals are not what is supposed of them
};

/// The values of each quantity at which the objective, minimised over all else, rises by less than the limit: `rise`
/// deviance scales, for Spread::any times the squared ratio of robust to standard error. Exact for linear least squares
/// with equal normal residuals. docs/theory.md (42).
///
/// The profile is followed outward until it is above the limit and stays there, minimised at each value from the
/// solutions on both sides and from fresh starts over a grid of exponents. Where it never gets above, the end is
/// open. A profile that falls below the fit itself replaces the fit (`fit` is then the better one), and all intervals
/// are made anew.
std::vector<LossInterval> profile_intervals(const LossTable& table, LossFit& fit, const ProfileOptions& options = {});

} // namespace cascade::analysis
