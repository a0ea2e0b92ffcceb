#pragma once
// A damped Newton search for functions of few variables whose curvature may vanish or change sign.

#include "analysis/algebra/picked.hpp"

#include <functional>
#include <limits>

namespace cascade::analysis {

/// Value, gradient and Hessian at a point; `majorant` is a positive semidefinite matrix (such as that of iteratively
/// reweighted least squares) that damps the step where the Hessian alone misleads.
struct LocalModel {
  double value = 0;
  SmallVector gradient;
  SmallMatrix hessian, majorant;
};

/// lower <= point <= upper, variable by variable; infinite where a variable is free.
struct Box {
  SmallVector lower, upper;
  static Box none(Eigen::Index n) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    return {SmallVector::Constant(n, -infinite), SmallVector::Constant(n, infinite)};
  }
  /// On a wall, with `slope` (of what is minimised) pressing against it.
  bool holds(const SmallVector& at, const SmallVector& slope, Eigen::Index i) const {
    return (at[i] <= lower[i] && slope[i] >= 0) || (at[i] >= upper[i] && slope[i] <= 0);
  }
};

struct Minimum {
  SmallVector at;
  LocalModel model;
  bool converged = false;
  int steps = 0;
};

/// Minimises `function(point) -> LocalModel` from `start`, in the box: steps -(H + lambda M)^-1 g, at most 2 in any
/// variable (variables are logarithms and exponents), lambda adapted as in Levenberg and Marquardt, a step that raises
/// the value by more than roundoff is refused. Converged: steps below 1e-12, or no descent left at roundoff. Pure.
Minimum damped_newton(const std::function<LocalModel(const SmallVector&)>& function, const SmallVector& start,
                      const Box& box, int most = 300);

} // namespace cascade::analysis
