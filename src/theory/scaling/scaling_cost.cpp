#include "theory/scaling/scaling_cost.hpp"

#include <cmath>
#include <limits>

namespace cascade::theory {

double halving_factor(double alpha) {
  return alpha > 0 ? std::exp2(1 / alpha) : std::numeric_limits<double>::infinity();
}

double log10_halving_factor(double alpha) {
  return alpha > 0 ? std::log10(2.0) / alpha : std::numeric_limits<double>::infinity();
}

double halving_factor_total(double pedestal, double reducible, double alpha) {
  const double left = (reducible - pedestal) / 2; // what may remain of the reducible part
  return left > 0 && alpha > 0 ? std::pow(reducible / left, 1 / alpha) : std::numeric_limits<double>::infinity();
}

double critical_size(double amplitude, double exponent) {
  return std::pow(amplitude, 1 / exponent);
}

double grid_exponent(double order, double embedding_dimension) {
  return order / embedding_dimension;
}

double smooth_exponent(double dimension) {
  return 4 / dimension;
}

double rough_exponent_paper(double hurst, double dimension) {
  return 4 * hurst / dimension;
}

double rough_exponent_mean_square(double hurst, double dimension) {
  return 2 * hurst / dimension;
}

double compute_optimal_share(double alpha, double beta) {
  return beta / (alpha + beta);
}

double compute_optimal_exponent(double alpha, double beta) {
  return alpha * beta / (alpha + beta);
}

} // namespace cascade::theory
