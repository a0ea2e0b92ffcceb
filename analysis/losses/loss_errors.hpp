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

/// A term of the law has its exponent on a wall, or rests on no more rows than it has numbers, which it passes through
/// whatever they are: (sum w s^2)^2 / sum (w s^2)^2 <= 2, s the term's share of the law at a row (times the law for
/// squares of L), w the row's weight. That is how many rows, each as much as any other, would tell as much of the term.
/// Such a law may lie lowest and says nothing: it is passed over where another one is as good for the other rows.
bool rests_on_few_rows(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options);

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
