#include "analysis/losses/loss_minimum.hpp"

#include <algorithm>
#include <limits>

namespace cascade::analysis {

Slice whole(const LossProblem& problem) {
  Slice s;
  for (int i = 0; i < problem.variables(); ++i)
    s.free.push_back(i);
  return s;
}

Slice holding(const LossProblem& problem, const LossQuantity& quantity) {
  Slice s = whole(problem);
  std::erase(s.free, quantity.pivot);
  s.pivot = quantity.pivot;
  s.along = quantity.along;
  return s;
}

Slice coefficients_of(const LossProblem&, const Slice& slice) {
  Slice s = slice;
  std::erase_if(s.free, [](int i) { return i == 1 || i == 4; });
  return s;
}

Penalty penalty_of(const LossFitOptions& options) {
  constexpr double vertex = 1e-10, quadratic = std::numeric_limits<double>::infinity();
  switch (options.objective) {
  case Objective::least_squares:
    return {false, quadratic, 1};
  case Objective::least_squares_log:
    return {true, quadratic, 1};
  case Objective::absolute_log:
    return {true, vertex, 1};
  case Objective::huber_log:
    return {true, options.delta, 1};
  case Objective::student_t_log:
    return {true, quadratic, 1, true};
  case Objective::asymmetric_huber_log:
    break;
  }
  return {true, options.delta, options.asymmetry};
}

std::vector<Penalty> stages(const LossFitOptions& options, double widest) {
  const Penalty last = penalty_of(options);
  std::vector<Penalty> out;
  if (last.delta < 1e300)
    for (double delta = widest; delta > 1.5 * last.delta; delta /= 3)
      out.push_back({last.log, delta, last.asymmetry});
  out.push_back(last);
  return out;
}

Minimum minimise(const LossProblem& problem, const SmallVector& at, const Slice& slice, const Penalty& penalty,
                 const std::vector<double>& weights) {
  const auto n = static_cast<Eigen::Index>(slice.free.size());
  const SmallVector start = picked(at, slice.free);
  const Box box{picked(problem.box().lower, slice.free), picked(problem.box().upper, slice.free)};
  // share of a free variable's change that the pivot takes back
  const SmallVector back = slice.pivot < 0 ? SmallVector(SmallVector::Zero(n))
                                           : SmallVector(-picked(slice.along, slice.free) / slice.along[slice.pivot]);
  SmallVector full = at;
  const auto place = [&](const SmallVector& part) {
    put_back(full, slice.free, part);
    if (slice.pivot >= 0)
      full[slice.pivot] = at[slice.pivot] + back.dot(part - start);
  };
  const auto reduced = [&](const SmallMatrix& m) -> SmallMatrix {
    SmallMatrix out = picked(m, slice.free, slice.free);
    if (slice.pivot >= 0) {
      const SmallVector cross = picked(m.col(slice.pivot), slice.free);
      out +=
          cross * back.transpose() + back * cross.transpose() + m(slice.pivot, slice.pivot) * back * back.transpose();
    }
    return out;
  };
  Minimum m = damped_newton(
      [&](const SmallVector& part) {
        place(part);
        const LocalModel all = problem.evaluate(full, penalty, weights);
        SmallVector gradient = picked(all.gradient, slice.free);
        if (slice.pivot >= 0)
          gradient += all.gradient[slice.pivot] * back;
        return LocalModel{all.value, gradient, reduced(all.hessian), reduced(all.majorant)};
      },
      start, box);
  place(m.at);
  m.at = full;
  return m;
}

Minimum minimise(const LossProblem& problem, const SmallVector& at, const Slice& slice,
                 const std::vector<Penalty>& penalties, const std::vector<double>& weights) {
  Minimum m;
  m.at = at;
  for (const Penalty& penalty : penalties)
    m = minimise(problem, m.at, slice, penalty, weights);
  return m;
}

double objective_value(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options) {
  const Objective o = options.objective;
  const Penalty penalty = problem.with_scale(at, penalty_of(options));
  const std::vector<double> residual = problem.residuals(at, penalty.log);
  double sum = 0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const double r = residual[i], w = problem.weight(i);
    sum += o == Objective::absolute_log ? w * std::abs(r) : penalty.squares() ? w * (r * r) : penalty.value(r, w);
  }
  return sum;
}

} // namespace cascade::analysis
