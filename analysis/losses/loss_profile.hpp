#pragma once
// Profile intervals of the parameters of a scaling law.

#include "analysis/losses/loss_fit.hpp"

namespace cascade::analysis {

enum class LossParameter { amplitude, alpha, pedestal, second_amplitude, beta };

/// What is supposed of the residuals: of `equal` size at all points, or of `any` size at each.
enum class Spread { equal, any };

/// Profile interval: the values of one parameter at which the objective, minimised over all others, rises by the 95%
/// point of F(1, n - p) in units of the deviance scale (times the squared ratio of robust to standard error for
/// Spread::any). Exact for a linear least-squares problem with equal normal residuals. docs/theory.md (42).
Interval profile_interval(const LossTable& table, const LossFit& fit, LossParameter parameter,
                          Spread spread = Spread::equal);

/// The same with a given rise in units of the deviance scale, e.g. 3.84 (chi-squared) in place of F's quantile.
Interval profile_interval_at(const LossTable& table, const LossFit& fit, LossParameter parameter, double rise);

} // namespace cascade::analysis
