#pragma once
// How sure an optimum is, from what the points say near it.

#include "analysis/losses/loss_fit.hpp"

#include <vector>

namespace cascade::analysis {

/// Scale of the residuals and of differences of the objective (LossFit) at fit.at.
void set_scales(const LossProblem& problem, LossFit& fit);

/// The rise of an objective that bounds an interval, from the rise R to second order: R, but n/2 log(1 + 2R/n) for
/// minus the log likelihood of Student's t, whose scale is fitted again wherever the law goes: residuals k times as
/// large raise it by n log k alone. For normal errors that is the limit of F exactly, (42), (42e). Pure.
double rise_limit(double second_order, bool student_t, std::size_t points);

/// What is supposed of the residuals: of `equal` size at all points, or of `any` size at each.
enum class Spread { equal, any };

/// Standard errors of a quantity to first order (docs/theory.md (41), (41a)). A variable on its wall is held there,
/// unless the quantity is made of it. With runs, `any` sums the pulls of a run before it squares: points of one run are
/// not independent.
struct LinearErrors {
  double equal = 0, any = 0;
};
LinearErrors linear_errors(const LossProblem& problem, const LossFit& fit, const LossQuantity& quantity,
                           const std::vector<int>& run = {});

/// What each point adds to the variables per unit of its weight, to first order: the optimum of a table of weights w is
/// fit.at + sum (w_i - 1) influence_i, to a relative error of order 1/sqrt(points). The influences sum to zero.
std::vector<SmallVector> influences(const LossProblem& problem, const LossFit& fit);

} // namespace cascade::analysis
