#pragma once
// The search for the optimum of a scaling law on a table of losses.

#include "analysis/losses/loss_fit.hpp"
#include "analysis/losses/loss_minimum.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// Throws core::Error(bad_input), naming the table, when the data cannot determine the model: too few points (at least
/// two more than parameters), too few different x or z.
void require_enough(const LossTable& table, LossModel model);

/// The best fit over a grid of starting exponents. Throws as require_enough(), and core::Error(numerical_failure) when
/// the search has not moved from its start. Deterministic, local.
LossFit fit_losses(const LossTable& table, LossModel model, const LossFitOptions& options);

/// A fit whose optimum is known: parameters, objective, scales.
void settle(const LossProblem& problem, const SmallVector& at, LossFit& fit);

/// Where a search may begin: coefficients for given exponents, in relative least squares, kept above zero. One of them
/// may be held: `pivot` 0, 2 or 3 (A', E', B' as variables have them).
SmallVector start_at(const LossProblem& problem, double alpha, double beta, int pivot = -1, double held = 0);

/// Every k-th point in the order of x, then of z, where there are more than enough for starts of a search.
constexpr std::size_t enough_for_starts = 2000;
LossTable thinned(const LossTable& table);

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
