#include "analysis/fit/damped_newton.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <vector>

namespace cascade::analysis {
namespace {

/// Newton step of the variables that no wall holds, cut where the first wall is met; empty when K is not positive
/// definite in them. A wall also holds a variable that the step itself would push against it; with `stay`, all that
/// stand on one.
SmallVector step_in_box(const SmallMatrix& k, const SmallVector& gradient, const SmallVector& at, const Box& box,
                        bool stay) {
  const auto n = at.size();
  std::vector<int> free;
  for (Eigen::Index i = 0; i < n; ++i)
    if (!(stay ? at[i] <= box.lower[i] || at[i] >= box.upper[i] : box.holds(at, gradient, i)))
      free.push_back(static_cast<int>(i));
  SmallVector step = SmallVector::Zero(n);
  for (std::size_t before = free.size() + 1; before != free.size() && !free.empty();) {
    before = free.size();
    const Eigen::LLT<SmallMatrix> factor(picked(k, free, free));
    if (factor.info() != Eigen::Success)
      return {};
    const SmallVector part = -factor.solve(picked(gradient, free));
    step.setZero();
    for (std::size_t i = 0; i < free.size(); ++i)
      step[free[i]] = part[static_cast<Eigen::Index>(i)];
    std::erase_if(
        free, [&](int i) { return (at[i] <= box.lower[i] && step[i] < 0) || (at[i] >= box.upper[i] && step[i] > 0); });
  }
  if (free.empty())
    step.setZero();
  return step;
}

} // namespace

Minimum damped_newton(const std::function<LocalModel(const SmallVector&)>& function, const SmallVector& start,
                      const Box& box, int most) {
  Minimum m{start.cwiseMax(box.lower).cwiseMin(box.upper), {}, false, 0};
  m.model = function(m.at);
  const auto n = start.size();
  double lambda = 1e-2;
  for (int quiet = 0; m.steps < most; ++m.steps) {
    const double jitter = 1e-15 * std::max(m.model.majorant.trace(), 1e-280);
    SmallMatrix k = m.model.hessian + lambda * m.model.majorant;
    k.diagonal().array() += jitter;
    bool better = false;
    double size = 0;
    SmallVector step = step_in_box(k, m.model.gradient, m.at, box, false);
    if (step.size() != n) { // off the wall the function bends down; along it, it need not
      step = step_in_box(k, m.model.gradient, m.at, box, true);
      if (step.size() == n && step.norm() < 1e-9)
        step.resize(0);
    }
    if (step.size() == n) {
      size = n > 0 ? step.cwiseAbs().maxCoeff() : 0;
      double share = size > 2 ? 2 / size : 1;
      int wall = -1;
      for (Eigen::Index i = 0; i < n; ++i) {
        const double room = (step[i] < 0 ? box.lower[i] : box.upper[i]) - m.at[i];
        if (step[i] != 0 && room / step[i] < share) {
          share = room / step[i];
          wall = static_cast<int>(i);
        }
      }
      if (std::isfinite(size)) {
        SmallVector next = m.at + share * step;
        if (wall >= 0)
          next[wall] = step[wall] < 0 ? box.lower[wall] : box.upper[wall];
        LocalModel there = function(next);
        better = there.value <= m.model.value * (1 + 1e-15);
        if (better) {
          quiet = m.model.value - there.value <= 1e-15 * m.model.value && size < 1e-7 ? quiet + 1 : 0;
          m.at = next;
          m.model = std::move(there);
          size = wall >= 0 ? 1 : size; // the rest of the step is still to be made
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
