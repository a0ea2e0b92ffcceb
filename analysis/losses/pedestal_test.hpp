#pragma once
// Whether a table of losses needs a pedestal.

#include "analysis/losses/loss_fit.hpp"

namespace cascade::analysis {

/// Is the pedestal needed? Twice the gain of log likelihood over the same law with E = 0 (normal errors for least
/// squares, Laplace's for absolute_log, the robust deviance for huber_log), its p-value (half of
/// chi-squared(1)'s, of F(1, n - p)'s for least squares, since E >= 0), and the differences of the corrected Akaike and
/// of the Bayesian criterion, negative where E pays.
struct PedestalTest {
  double likelihood_ratio = 0, p_value = 1, delta_aicc = 0, delta_bic = 0;
  LossFit without; ///< the law with E = 0
};
PedestalTest test_pedestal(const LossTable& table, const LossFit& fit);

} // namespace cascade::analysis
