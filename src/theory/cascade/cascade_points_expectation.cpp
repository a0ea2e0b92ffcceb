#include "theory/cascade/cascade_points_expectation.hpp"

#include "theory/cascade/shifted_lattice.hpp"

#include <cmath>

namespace cascade::theory {

CascadePointsExpectation::CascadePointsExpectation(int dimensions, double dimension, double hurst, int levels,
                                                   int lattice)
    : dimensions_(dimensions), dimension_(dimension), hurst_(hurst), levels_(levels), lattice_(lattice) {}

double CascadePointsExpectation::variance(int level) const {
  return std::exp2(-2 * level * hurst_);
}

Expectation::Values CascadePointsExpectation::increment(const std::string&, double order,
                                                        std::span<const double> separations, const Activity*) const {
  if (order != 2)
    return {};
  const double D = dimensions_;
  std::vector<double> result;
  for (const double r : separations) {
    double sum = 0;
    for (int l = levels_ - 1; l >= 0; --l) { // small terms first
      const double part = r * std::exp2(l), v = increment_square(Profile::wave, part, l == 0),
                   w = increment_square(Profile::window, part, l == 0);
      sum += variance(l) * std::exp2(l * (dimension_ - D)) * (v + (D - 1) * w) / D;
    }
    result.push_back(sum);
  }
  return result;
}

Expectation::Values CascadePointsExpectation::loss(double order, int degree, bool active, std::span<const double> sides,
                                                   const Activity*) const {
  if (order != 2 || degree > 2)
    return {};
  std::vector<double> result;
  for (const double s : sides) {
    const int j = static_cast<int>(std::lround(-std::log2(s)));
    double sum = 0;
    for (int l = levels_ - 1; l >= 0; --l) {
      const int thinned = active ? std::max(l - j, 0) : l; // levels over which activity has been lost
      sum += variance(l) * std::exp2(thinned * (dimension_ - dimensions_)) *
             lattice_residual(dimensions_, j - l, lattice_, degree);
    }
    result.push_back(sum);
  }
  return result;
}

Expectation::Values CascadePointsExpectation::cells(std::span<const double> sides) const {
  std::vector<double> result;
  for (const double s : sides)
    result.push_back(std::pow(s, -dimension_));
  return result;
}

} // namespace cascade::theory
