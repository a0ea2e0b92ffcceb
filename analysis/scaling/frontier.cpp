#include "analysis/scaling/frontier.hpp"

#include <cmath>
#include <limits>

namespace cascade::analysis {

BestUse best_use(const LossParameters& p, double compute, double k) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (!(std::isgreater(p.alpha, 0.0) && std::isgreater(p.beta, 0.0) && std::isgreater(p.amplitude, 0.0) &&
        std::isgreater(p.second_amplitude, 0.0)))
    return {compute, none, none, none};
  const double sum = p.alpha + p.beta;
  const double log_size =
      (std::log(p.alpha * p.amplitude / (p.beta * p.second_amplitude)) + p.beta * std::log(compute / k)) / sum;
  const double log_tokens = std::log(compute / k) - log_size;
  return {compute, std::exp(log_size), std::exp(log_tokens),
          p.pedestal + std::exp(std::log(p.amplitude) - p.alpha * log_size) +
              std::exp(std::log(p.second_amplitude) - p.beta * log_tokens)};
}

double compute_for_loss(const LossParameters& p, double loss, double k) {
  if (!(loss > p.pedestal))
    return std::numeric_limits<double>::infinity();
  const BestUse one = best_use(p, k, k); // C/k = 1
  return k * std::pow((one.loss - p.pedestal) / (loss - p.pedestal), 1 / frontier_exponent(p));
}

double compute_for_params(const LossParameters& p, double params, double k) {
  const BestUse one = best_use(p, k, k);
  return k * std::pow(params / one.params, 1 / size_exponent(p));
}

double overhead(const LossParameters& p, double factor) {
  // shares of the reducible loss at the best use: alpha A N^-alpha = beta B D^-beta
  const double first = p.beta / (p.alpha + p.beta), second = 1 - first;
  const double left = 1 - first * std::pow(factor, -p.alpha);
  return left > 0 ? factor * std::pow(second / left, 1 / p.beta) : std::numeric_limits<double>::infinity();
}

double size_exponent(const LossParameters& p) {
  if (!std::isgreater(p.alpha, 0.0) || !std::isgreater(p.beta, 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  return p.beta / (p.alpha + p.beta);
}

double frontier_exponent(const LossParameters& p) {
  if (!std::isgreater(p.alpha, 0.0) || !std::isgreater(p.beta, 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  return p.alpha * p.beta / (p.alpha + p.beta);
}

} // namespace cascade::analysis
