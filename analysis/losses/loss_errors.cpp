#include "analysis/losses/loss_errors.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/losses/loss_minimum.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace cascade::analysis {
namespace {

/// A point that the fit passes through says nothing of its own scatter: its residual is at most doubled.
constexpr double least_left = 0.5;

/// Variables that are not held on a wall by the objective.
std::vector<int> moving(const LossProblem& problem, const LossFit& fit, const SmallVector& at, int but) {
  const SmallVector slope = problem.evaluate(at, penalty_of(fit.options)).gradient;
  std::vector<int> out;
  for (int i = 0; i < problem.variables(); ++i)
    if (i == but || !problem.box().holds(at, slope, i))
      out.push_back(i);
  return out;
}

} // namespace

double rise_limit(double second_order, bool student_t, std::size_t points) {
  const auto n = static_cast<double>(points);
  return student_t ? n / 2 * std::log1p(2 * second_order / n) : second_order;
}

/// Means of psi^2 and psi' over the residuals. psi' of Huber's function is one in |r| < delta; the share of residuals
/// there is estimated over a window of a median residual when delta is narrower.
void set_scales(const LossProblem& problem, LossFit& fit) {
  const auto n = static_cast<double>(problem.points());
  const Penalty penalty = problem.with_scale(fit.at, penalty_of(fit.options));
  const std::vector<double> residual = problem.residuals(fit.at, penalty.log);
  std::vector<double> sorted = residual;
  for (double& r : sorted)
    r = std::abs(r);
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const double window = std::max(std::min(penalty.delta, 1e300), sorted[sorted.size() / 2]);
  double psi2 = 0, inside = 0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    if (penalty.student) {
      const double weighted = std::sqrt(problem.weight(i)) * residual[i], psi = penalty.slope(weighted);
      psi2 += psi * psi / n;
      inside += penalty.curve(weighted) / n;
      continue;
    }
    const double psi = penalty.slope(residual[i]);
    psi2 += problem.weight(i) * psi * psi / n;
    inside += std::abs(residual[i]) <= window ? penalty.side(residual[i]) / n : 0;
  }
  const double slope = penalty.student         ? inside
                       : penalty.delta < 1e300 ? inside * std::min(1.0, penalty.delta / window)
                                               : 1;
  const double freedom = n / (n - problem.variables());
  fit.deviance_scale = psi2 * freedom / slope;
  fit.scale = std::sqrt(psi2 * freedom) / slope;
}

bool rests_on_few_rows(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options) {
  constexpr double numbers_of_term = 2;
  const bool second = has_second(problem.model()), log = penalty_of(options).log;
  std::array<double, 2> square{}, fourth{};
  for (std::size_t i = 0; i < problem.points(); ++i) {
    const SmallVector slope = problem.gradient(at, i, log);
    const std::array<double, 2> share{slope[0], second ? slope[3] : 0};
    for (std::size_t k = 0; k < 2; ++k) {
      const double told = problem.weight(i) * share[k] * share[k];
      square[k] += told;
      fourth[k] += told * told;
    }
  }
  const auto beyond = [](double e) { return e <= lowest_exponent || e >= highest_exponent; };
  const auto few = [&](std::size_t k) { return square[k] * square[k] <= numbers_of_term * fourth[k]; };
  return beyond(at[1]) || few(0) || (second && few(1)) || (at.size() > 4 && beyond(at[4]));
}

LinearErrors linear_errors(const LossProblem& problem, const LossFit& fit, const LossQuantity& quantity,
                           const std::vector<int>& run) {
  const Penalty penalty = problem.with_scale(fit.at, penalty_of(fit.options));
  const std::vector<int> free = moving(problem, fit, fit.at, quantity.pivot);
  const SmallMatrix inverse = analysis::inverse(picked(problem.information(fit.at, penalty.log), free, free));
  const SmallVector q = picked(quantity.along, free), v = inverse * q;
  const std::vector<double> residual = problem.residuals(fit.at, penalty.log);
  const double slope = fit.deviance_scale / (fit.scale * fit.scale); // mean psi', see set_scales
  double any = 0;
  std::map<int, double> of_run;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const SmallVector g = picked(problem.gradient(fit.at, i, penalty.log), free);
    const double w = problem.weight(i);
    const double left = std::max(least_left, 1 - w * (g.transpose() * inverse * g).value());
    const double pull = penalty.slope(residual[i], w) / left * g.dot(v);
    if (run.empty())
      any += pull * pull;
    else
      of_run[run[i]] += pull;
  }
  for (const auto& [name, pull] : of_run)
    any += pull * pull;
  return {fit.scale * std::sqrt(std::max(0.0, q.dot(v))), std::sqrt(any) / slope};
}

std::vector<SmallVector> influences(const LossProblem& problem, const LossFit& fit) {
  const Penalty penalty = problem.with_scale(fit.at, penalty_of(fit.options));
  const double slope = fit.deviance_scale / (fit.scale * fit.scale);
  const std::vector<int> free = moving(problem, fit, fit.at, -1);
  const SmallMatrix curvature = !penalty.squares() ? SmallMatrix(slope * problem.information(fit.at, penalty.log))
                                                   : problem.evaluate(fit.at, penalty).hessian;
  const SmallMatrix inverse = analysis::inverse(picked(curvature, free, free));
  const std::vector<double> residual = problem.residuals(fit.at, penalty.log);
  std::vector<SmallVector> out;
  out.reserve(residual.size());
  for (std::size_t i = 0; i < residual.size(); ++i) {
    SmallVector moved = SmallVector::Zero(problem.variables());
    const SmallVector g = picked(problem.gradient(fit.at, i, penalty.log), free);
    put_back(moved, free, inverse * g * penalty.slope(residual[i], problem.weight(i)));
    out.push_back(moved);
  }
  return out;
}

} // namespace cascade::analysis
