#include "analysis/losses/loss_minimum.hpp"

#include <algorithm>
#include <limits>

namespace cascade::analysis {

bool logarithmic(Objective objective) {
  return objective != Objective::least_squares;
}

std::vector<double> stages(const LossFitOptions& options, double widest) {
  if (options.objective == Objective::least_squares || options.objective == Objective::least_squares_log)
    return {std::numeric_limits<double>::infinity()};
  const double last = options.objective == Objective::absolute_log ? 1e-10 : options.delta;
  std::vector<double> out;
  for (double delta = widest; delta > 1.5 * last; delta /= 3)
    out.push_back(delta);
  out.push_back(last);
  return out;
}

Minimum minimise(const LossProblem& problem, const SmallVector& at, const std::vector<int>& free, bool log,
                 double delta, const std::vector<double>& weights) {
  SmallVector full = at;
  SmallVector start(static_cast<Eigen::Index>(free.size()));
  for (std::size_t i = 0; i < free.size(); ++i)
    start[static_cast<Eigen::Index>(i)] = at[free[i]];
  Minimum m = damped_newton(
      [&](const SmallVector& part) {
        for (std::size_t i = 0; i < free.size(); ++i)
          full[free[i]] = part[static_cast<Eigen::Index>(i)];
        const LocalModel whole = problem.evaluate(full, log, delta, weights);
        return LocalModel{whole.value, whole.gradient(free), whole.hessian(free, free), whole.majorant(free, free)};
      },
      start);
  SmallVector end = at;
  for (std::size_t i = 0; i < free.size(); ++i)
    end[free[i]] = m.at[static_cast<Eigen::Index>(i)];
  m.at = end;
  return m;
}

std::vector<int> variables_but(const LossProblem& problem, int fixed) {
  std::vector<int> out;
  for (int i = 0; i < problem.variables(); ++i)
    if (i != fixed)
      out.push_back(i);
  return out;
}

double objective_value(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options) {
  double sum = 0;
  for (const double r : problem.residuals(at, logarithmic(options.objective))) {
    const double size = std::abs(r);
    if (options.objective == Objective::huber_log)
      sum += size <= options.delta ? r * r / 2 : options.delta * (size - options.delta / 2);
    else
      sum += options.objective == Objective::absolute_log ? size : r * r;
  }
  return sum;
}

} // namespace cascade::analysis
