#pragma once
// How sure an optimum is, from what the points say near it.

#include "analysis/losses/loss_fit.hpp"

#include <vector>

namespace cascade::analysis {

/// Scales and errors of a fit whose optimum is known (LossFit).
void set_errors(const LossProblem& problem, LossFit& fit);

/// What each point adds to the variables per unit of its weight, to first order: the optimum of a table of weights w is
/// fit.at + sum (w_i - 1) influence_i, to a relative error of order 1/sqrt(points). The influences sum to zero.
std::vector<SmallVector> influences(const LossProblem& problem, const LossFit& fit);

} // namespace cascade::analysis
