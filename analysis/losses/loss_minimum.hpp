#pragma once
// An objective of a loss table minimised from one start: what search, errors and profiles share.

#include "analysis/losses/loss_fit.hpp"

#include <vector>

namespace cascade::analysis {

bool logarithmic(Objective objective); ///< residuals are of log L

/// Huber's delta on the way to the objective: wide first, where the problem is nearly quadratic. Absolute deviations
/// are the limit of small delta, where the optimum lies on a vertex within a few delta.
std::vector<double> stages(const LossFitOptions& options, double widest = 0.1);

/// Minimum over the `free` variables, the others as in `at`.
Minimum minimise(const LossProblem& problem, const SmallVector& at, const std::vector<int>& free, bool log,
                 double delta, const std::vector<double>& weights);

std::vector<int> variables_but(const LossProblem& problem, int fixed); ///< fixed = -1: all

/// The objective as its definition has it (LossFit::value).
double objective_value(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options);

} // namespace cascade::analysis
