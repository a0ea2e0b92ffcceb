#pragma once
// Whether a table of losses needs all of its law: the pedestal, exponents of their own.

#include "analysis/losses/loss_fit.hpp"

namespace cascade::analysis {

/// A law against the same law with one parameter less. Twice the gain of log likelihood (of the density that belongs to
/// the objective, its scale fitted in both: loss_likelihood.hpp), the p-value of the restriction (F(1, n - p) for least
/// squares, chi-squared(1) otherwise; half of it for E, which cannot be negative), and the differences of the corrected
/// Akaike and of the Bayesian criterion, negative where the parameter pays.
struct LawTest {
  double likelihood_ratio = 0, p_value = 1, delta_aicc = 0, delta_bic = 0;
  LossFit without; ///< the restricted law
};

/// Is the pedestal needed? E = 0 against the law with E.
LawTest test_pedestal(const LossTable& table, const LossFit& fit);

/// Do the exponents differ? beta = alpha against the law with both; of LossModel::two_variables.
LawTest test_tied(const LossTable& table, const LossFit& fit);

} // namespace cascade::analysis
