#pragma once
// An objective of a loss table minimised from one start: what search, errors and profiles share.

#include "analysis/losses/loss_fit.hpp"

#include <vector>

namespace cascade::analysis {

/// The variables that move: all, some, or those left when a quantity is held (its pivot then follows the others).
struct Slice {
  std::vector<int> free;
  int pivot = -1;
  SmallVector along; ///< of the held quantity
};
Slice whole(const LossProblem& problem);
Slice holding(const LossProblem& problem, const LossQuantity& quantity);
/// Of a slice, the variables that enter the law linearly (coefficients), or the exponents.
Slice coefficients_of(const LossProblem& problem, const Slice& slice);

/// What an objective is at the end of its search.
Penalty penalty_of(const LossFitOptions& options);
/// Huber's delta on the way there: wide first, where the problem is nearly quadratic. Absolute deviations are the
/// limit of small delta, where the optimum lies on a vertex within a few delta.
std::vector<Penalty> stages(const LossFitOptions& options, double widest = 0.1);

Minimum minimise(const LossProblem& problem, const SmallVector& at, const Slice& slice, const Penalty& penalty,
                 const std::vector<double>& weights = {});
/// The same through all stages.
Minimum minimise(const LossProblem& problem, const SmallVector& at, const Slice& slice,
                 const std::vector<Penalty>& penalties, const std::vector<double>& weights = {});

/// The objective as its definition has it (LossFit::value).
double objective_value(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options);

} // namespace cascade::analysis
