#include "theory/scaling/pedestal.hpp"

#include <cmath>
#include <limits>

namespace cascade::theory {

double pedestal_loss(const Pedestal& law, double x) {
  return law.fraction + (1 - law.fraction) * std::pow(x, law.exponent);
}

double running_exponent(const Pedestal& law, double x) {
  const double reducible = (1 - law.fraction) * std::pow(x, law.exponent);
  return law.exponent * reducible / (law.fraction + reducible);
}

double critical_resources(const Pedestal& law) {
  if (law.fraction <= 0)
    return std::numeric_limits<double>::infinity();
  return std::pow((1 - law.fraction) / law.fraction, 1 / law.exponent);
}

double critical_fraction(double exponent, double resources) {
  return 1 / (1 + std::pow(resources, exponent));
}

} // namespace cascade::theory
