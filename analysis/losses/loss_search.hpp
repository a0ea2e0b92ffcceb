#pragma once
// The search for the optimum of a scaling law on a table of losses.

#include "analysis/losses/loss_fit.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// The best fit over a grid of starting exponents. Throws core::Error(bad_input), naming the table, when the data
/// cannot determine the model: too few points (at least two more than parameters), too few different x or z. Throws
/// core::Error(numerical_failure) when the search has not moved from its start. Deterministic, local.
LossFit fit_losses(const LossTable& table, LossModel model, const LossFitOptions& options);

/// Throws core::Error(numerical_failure) when the search ended where it began although the relative slope there is not
/// zero.
void require_moved(const std::string& name, const SmallVector& start, const SmallVector& end, double relative_slope);

/// The objective as its definition has it at given parameters.
double objective_at(const LossTable& table, LossModel model, const LossFitOptions& options,
                    const LossParameters& parameters);

/// Refit from a known optimum with a weight for each point (a resample): the way of the bootstrap. NaN parameters when
/// the search fails.
LossParameters refit(const LossProblem& problem, const LossFit& fit, const std::vector<double>& weights);

} // namespace cascade::analysis
