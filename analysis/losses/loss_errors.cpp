#include "analysis/losses/loss_errors.hpp"

#include "analysis/losses/loss_minimum.hpp"

#include <Eigen/LU>

#include <algorithm>

namespace cascade::analysis {
namespace {

/// Errors of the natural parameters from the covariance of the variables.
LossParameters errors_of(const LossProblem& problem, const LossParameters& p, const SmallMatrix& covariance) {
  const auto error = [&](const SmallVector& gradient) {
    return std::sqrt(std::max(0.0, (gradient.transpose() * covariance * gradient).value()));
  };
  const auto unit = [&](int k) { return SmallVector(SmallVector::Unit(problem.variables(), k)); };
  const SmallVector zero = problem.variables_of({1, 1, 1, 1, 1}); // log A' = -mean log x at alpha = 1
  LossParameters out;
  out.alpha = error(unit(1));
  out.amplitude = p.amplitude * error(unit(0) - zero[0] * unit(1));
  if (problem.variables() > 2)
    out.pedestal = p.pedestal * error(unit(2));
  if (problem.variables() > 3) {
    out.beta = error(unit(4));
    out.second_amplitude = p.second_amplitude * error(unit(3) - zero[3] * unit(4));
  }
  return out;
}

/// I^-1 [sum psi_i^2/(1 - h_i)^2 g_i g_i^T] I^-1 with I = sum g g^T and leverages h_i = g_i^T I^-1 g_i: each point has
/// a scatter of its own (HC3 of MacKinnon and White).
SmallMatrix sandwich(const LossProblem& problem, const SmallVector& at, bool log, const SmallMatrix& inverse,
                     double delta) {
  SmallMatrix middle = SmallMatrix::Zero(problem.variables(), problem.variables());
  const std::vector<double> residual = problem.residuals(at, log);
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const SmallVector g = problem.gradient(at, i, log);
    const double left = std::max(1e-3, 1 - (g.transpose() * inverse * g).value());
    const double psi = std::min(std::abs(residual[i]), delta) / left;
    middle += psi * psi * g * g.transpose();
  }
  return inverse * middle * inverse;
}

} // namespace

/// Means of psi^2 and psi' over the residuals. psi' of Huber's function is one in |r| < delta; the share of residuals
/// there is estimated over a window of half a median residual when delta is narrower.
void set_errors(const LossProblem& problem, LossFit& fit) {
  const auto n = static_cast<double>(problem.points());
  const bool log = logarithmic(fit.options.objective);
  const double delta = stages(fit.options).back();
  std::vector<double> size = problem.residuals(fit.at, log);
  for (double& r : size)
    r = std::abs(r);
  std::vector<double> sorted = size;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const double window = std::max(std::min(delta, 1e300), sorted[sorted.size() / 2]);
  double psi2 = 0, inside = 0;
  for (const double r : size) {
    psi2 += std::min(r, delta) * std::min(r, delta) / n;
    inside += r <= window ? 1 / n : 0;
  }
  const double slope = std::isfinite(delta) ? inside * std::min(1.0, delta / window) : 1;
  const double freedom = n / (n - problem.variables());
  fit.deviance_scale = psi2 * freedom / slope;
  fit.scale = std::sqrt(psi2 * freedom) / slope;
  const SmallMatrix inverse = SmallMatrix(problem.information(fit.at, log)).fullPivLu().inverse();
  fit.standard_error = errors_of(problem, fit.parameters, inverse * (fit.scale * fit.scale));
  fit.robust_error =
      errors_of(problem, fit.parameters, sandwich(problem, fit.at, log, inverse, delta) / (slope * slope));
}

std::vector<SmallVector> influences(const LossProblem& problem, const LossFit& fit) {
  const bool log = logarithmic(fit.options.objective);
  const double delta = stages(fit.options).back();
  const double slope = fit.deviance_scale / (fit.scale * fit.scale); // mean psi', see set_errors
  const SmallMatrix curvature = std::isfinite(delta) ? SmallMatrix(slope * problem.information(fit.at, log))
                                                     : problem.evaluate(fit.at, log, delta).hessian;
  const SmallMatrix inverse = curvature.fullPivLu().inverse();
  const std::vector<double> residual = problem.residuals(fit.at, log);
  std::vector<SmallVector> out;
  out.reserve(residual.size());
  for (std::size_t i = 0; i < residual.size(); ++i)
    out.emplace_back(inverse * problem.gradient(fit.at, i, log) * std::clamp(residual[i], -delta, delta));
  return out;
}

} // namespace cascade::analysis
