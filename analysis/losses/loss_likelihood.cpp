#include "analysis/losses/loss_likelihood.hpp"

#include "analysis/losses/loss_minimum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::analysis {
namespace {

/// A half of Z and its derivative by log s.
struct HalfDensity {
  double value = 0, by_log_scale = 0;
};

HalfDensity half_density(double scale, double delta, double factor) {
  const double s = scale / std::sqrt(factor), half_normal = s * std::sqrt(std::numbers::pi / 2);
  if (!(delta < 1e300))
    return {half_normal, half_normal};
  const double centre = half_normal * std::erf(delta / (s * std::numbers::sqrt2));
  const double tail = s * s / delta * std::exp(-delta * delta / (2 * s * s));
  return {centre + tail, centre + 2 * tail};
}

/// sum of log Z_i, and its derivative by log s.
HalfDensity sum_log_norm(const LossProblem& problem, const Penalty& penalty, double scale) {
  const auto of = [&](double weight) {
    const HalfDensity above = half_density(scale, penalty.delta, weight);
    const HalfDensity below =
        penalty.asymmetry == 1 ? above : half_density(scale, penalty.delta, penalty.asymmetry * weight);
    const double z = above.value + below.value;
    return HalfDensity{std::log(z), (above.by_log_scale + below.by_log_scale) / z};
  };
  if (problem.table().weight.empty()) {
    const HalfDensity each = of(1);
    const auto n = static_cast<double>(problem.points());
    return {n * each.value, n * each.by_log_scale};
  }
  HalfDensity sum;
  for (std::size_t i = 0; i < problem.points(); ++i) {
    const HalfDensity each = of(problem.weight(i));
    sum.value += each.value;
    sum.by_log_scale += each.by_log_scale;
  }
  return sum;
}

} // namespace

double log_likelihood(const LossProblem& problem, const LossFit& fit) {
  const Penalty penalty = problem.with_scale(fit.at, penalty_of(fit.options));
  const auto n = static_cast<double>(problem.points());
  double sum = 0, jacobian = 0;
  const std::vector<double> residual = problem.residuals(fit.at, penalty.log);
  for (std::size_t i = 0; i < residual.size(); ++i) {
    sum += penalty.value(residual[i], problem.weight(i));
    jacobian -= penalty.log ? std::log(problem.table().loss[i]) : 0;
    jacobian += penalty.student ? 0.5 * std::log(problem.weight(i)) : 0;
  }
  if (penalty.student)
    return jacobian - sum +
           n * (std::lgamma((student_degrees + 1) / 2) - std::lgamma(student_degrees / 2) -
                0.5 * std::log(student_degrees * std::numbers::pi));
  sum = std::max(sum, 1e-280);
  // the best scale solves 2 sum/s^2 = d/d(log s) sum log Z, which lies between n and 2 n: halvings of log s
  double low = 0.5 * std::log(sum / n), high = low + 0.5 * std::numbers::ln2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2, s = std::exp(middle);
    (2 * sum / (s * s) > sum_log_norm(problem, penalty, s).by_log_scale ? low : high) = middle;
  }
  const double s = std::exp((low + high) / 2);
  return jacobian - sum / (s * s) - sum_log_norm(problem, penalty, s).value;
}

std::string density_name(Objective objective) {
  switch (objective) {
  case Objective::least_squares:
  case Objective::least_squares_log:
    return "normal";
  case Objective::absolute_log:
    return "Laplace's";
  case Objective::huber_log:
    return "Huber's";
  case Objective::student_t_log:
    return "Student's t, four degrees of freedom,";
  case Objective::asymmetric_huber_log:
    break;
  }
  return "asymmetric Huber's";
}

} // namespace cascade::analysis
