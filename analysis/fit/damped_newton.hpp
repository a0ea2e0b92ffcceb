#pragma once
// A damped Newton search for functions of few variables whose curvature may vanish or change sign.

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

/// At most six variables: no allocation.
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 6, 1>;
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 6, 6>;

/// Value, gradient and Hessian at a point; `majorant` is a positive semidefinite matrix (such as that of iteratively
/// reweighted least squares) that damps the step where the Hessian alone misleads.
struct LocalModel {
  double value = 0;
  SmallVector gradient;
  SmallMatrix hessian, majorant;
};

struct Minimum {
  SmallVector at;
  LocalModel model;
  bool converged = false;
  int steps = 0;
};

/// Minimises `function(point) -> LocalModel` from `start`: steps -(H + lambda M)^-1 g, at most 2 in any variable
/// (variables are logarithms and exponents), lambda adapted as in Levenberg and Marquardt, a step that raises the value
/// by more than roundoff is refused. Converged: steps below 1e-12, or no descent left at roundoff. Pure.
template <class Function>
Minimum damped_newton(const Function& function, const SmallVector& start, int most = 300) {
  Minimum m{start, function(start), false, 0};
  const auto n = start.size();
  double lambda = 1e-2;
  for (int quiet = 0; m.steps < most; ++m.steps) {
    const double jitter = 1e-15 * std::max(m.model.majorant.trace(), 1e-280);
    SmallMatrix k = m.model.hessian + lambda * m.model.majorant;
    k.diagonal().array() += jitter;
    const Eigen::LLT<SmallMatrix> factor(k);
    bool better = false;
    double size = 0;
    if (factor.info() == Eigen::Success) {
      SmallVector step = -factor.solve(m.model.gradient);
      size = n > 0 ? step.cwiseAbs().maxCoeff() : 0;
      if (size > 2)
        step *= 2 / size;
      if (std::isfinite(size)) {
        const SmallVector next = m.at + step;
        LocalModel there = function(next);
        better = there.value <= m.model.value * (1 + 1e-15);
        if (better) {
          quiet = m.model.value - there.value <= 1e-15 * m.model.value && size < 1e-7 ? quiet + 1 : 0;
          m.at = next;
          m.model = std::move(there);
        }
      }
    }
    if (better) {
      lambda = lambda < 1e-9 ? 0 : lambda / 10;
      if (size < 1e-12 || quiet >= 3) {
        m.converged = true;
        return m;
      }
    } else {
      lambda = std::max(1e-6, 6 * lambda);
      if (lambda > 1e9) {
        m.converged = true; // nothing lower within reach of roundoff
        return m;
      }
    }
  }
  return m;
}

} // namespace cascade::analysis
