#include "theory/multifractal_law.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

namespace cascade::theory {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// log2 of ((2p)^q + (2(1-p))^q)/2, and its slope, p >= 1/2: with the larger power taken out, so that none overflows.
double share_scaling(double p, double q) {
  const double larger = q < 0 ? 2 * (1 - p) : 2 * p, ratio = std::pow((1 - p) / p, std::abs(q));
  return q * std::log2(larger) + std::log2(0.5 * (1 + ratio));
}
double share_slope(double p, double q) {
  const double a = std::log2(2 * p), b = std::log2(2 * (1 - p)), ratio = std::pow((1 - p) / p, std::abs(q));
  return (q < 0 ? b + ratio * a : a + ratio * b) / (1 + ratio);
}

/// Where the decreasing f passes zero; infinite where it never gets clearly below (or is no number far out).
double crossing(const std::function<double(double)>& f) {
  constexpr double farthest = 200, clearly = -1e-9;
  if (!(f(farthest) <= clearly))
    return infinite;
  double low = 0, high = farthest;
  for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (f(middle) > 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

} // namespace

double Multipliers::scaling(double q) const {
  switch (model) {
  case CascadeModel::random_beta:
    return std::log2(1 - x + x * std::exp2(q - 1));
  case CascadeModel::p_model:
    return share_scaling(p, q);
  case CascadeModel::lognormal:
    return 0.5 * mu * (q * q - q);
  case CascadeModel::log_poisson:
    return 2 * q / 3 - 2 * (1 - std::pow(2.0 / 3, q));
  case CascadeModel::binomial:
    break;
  }
  return dimensions * share_scaling(p, q);
}

double Multipliers::slope(double q) const {
  switch (model) {
  case CascadeModel::random_beta:
    return x * std::exp2(q - 1) / (1 - x + x * std::exp2(q - 1));
  case CascadeModel::p_model:
    return share_slope(p, q);
  case CascadeModel::lognormal:
    return mu * (q - 0.5);
  case CascadeModel::log_poisson:
    return 2.0 / 3 + 2 * std::pow(2.0 / 3, q) * std::log(2.0 / 3);
  case CascadeModel::binomial:
    break;
  }
  return dimensions * share_slope(p, q);
}

double Multipliers::tau(double q) const {
  if (q < 0 && dies())
    return -infinite;
  return dimensions * (q - 1) - scaling(q);
}

double Multipliers::generalised_dimension(double q) const {
  constexpr double close = 1e-6; // the limit is exact to the square of this
  return std::abs(q - 1) < close ? dimensions - slope(q) : tau(q) / (q - 1);
}

Linearisation linearisation(const Multipliers& m) {
  Linearisation result;
  result.order = crossing([&](double q) { return m.dimensions + q * m.zeta_slope(q) - m.zeta(q); });
  constexpr double far = 200;
  result.roughness = m.zeta_slope(std::isfinite(result.order) ? result.order : far);
  return result;
}

double measure_linearisation(const Multipliers& m) {
  return crossing([&](double q) { return m.dimensions + m.scaling(q) - q * m.slope(q); });
}

double negative_linearisation(const Multipliers& m) {
  if (m.dies())
    return -infinite;
  return -crossing([&](double q) { return m.dimensions + m.scaling(-q) + q * m.slope(-q); });
}

MultifractalLaw::MultifractalLaw(const Multipliers& multipliers, bool density)
    : multipliers_(multipliers), density_(density) {}

double MultifractalLaw::zeta(double order) const {
  return density_ ? std::numeric_limits<double>::quiet_NaN() : multipliers_.zeta(order);
}

std::optional<double> MultifractalLaw::spectrum_slope() const {
  if (density_)
    return std::nullopt;
  return -1 - zeta(2);
}

std::optional<double> MultifractalLaw::mass_exponent(double order) const {
  if (!density_)
    return std::nullopt;
  return multipliers_.tau(order);
}

std::optional<double> MultifractalLaw::linear_beyond() const {
  const double order = density_ ? measure_linearisation(multipliers_) : linearisation(multipliers_).order;
  return std::isfinite(order) ? std::optional(order) : std::nullopt;
}

std::optional<double> MultifractalLaw::linear_below() const {
  const double order = density_ ? negative_linearisation(multipliers_) : -infinite;
  return std::isfinite(order) ? std::optional(order) : std::nullopt;
}

std::optional<double> MultifractalLaw::log_cumulant(int number) const {
  if (density_ || multipliers_.dies())
    return std::nullopt;
  // zeta_q = c1 q + c2 q^2/2 + ...: derivatives at zero, in closed form.
  const Multipliers& m = multipliers_;
  if (number == 1)
    return m.zeta_slope(0);
  if (number == 3) // only the Poisson number is skew
    return m.model == CascadeModel::log_poisson ? 2.0 / 27 * std::pow(std::log(1.5), 3) : 0.0;
  if (number != 2)
    return std::nullopt;
  const double ninth = 1.0 / 9;
  switch (m.model) {
  case CascadeModel::lognormal:
    return -m.mu * ninth;
  case CascadeModel::log_poisson:
    return -2 * ninth * std::log(1.5) * std::log(1.5);
  case CascadeModel::p_model:
  case CascadeModel::binomial: {
    const double half = 0.5 * std::log(m.p / (1 - m.p)); // standard deviation of ln W
    return -ninth * half * half / std::numbers::ln2 * (m.model == CascadeModel::binomial ? m.dimensions : 1);
  }
  case CascadeModel::random_beta:
    break;
  }
  return std::nullopt;
}

std::string MultifractalLaw::formula() const {
  switch (multipliers_.model) {
  case CascadeModel::random_beta:
    return "p/3 - log2(1 - x + x 2^(p/3 - 1))";
  case CascadeModel::p_model:
    return "1 - log2(a^(p/3) + (1 - a)^(p/3))";
  case CascadeModel::lognormal:
    return "p/3 - mu p (p - 3)/18";
  case CascadeModel::log_poisson:
    return "p/9 + 2 (1 - (2/3)^(p/3))";
  case CascadeModel::binomial:
    break;
  }
  return "p/3 - D log2(((2a)^(p/3) + (2 - 2a)^(p/3))/2)";
}

std::string MultifractalLaw::reference() const {
  switch (multipliers_.model) {
  case CascadeModel::random_beta:
    return "random beta model: Benzi, Paladin, Parisi, Vulpiani, J. Phys. A 17 (1984) 3521";
  case CascadeModel::p_model:
    return "p-model: Meneveau, Sreenivasan, Phys. Rev. Lett. 59 (1987) 1424";
  case CascadeModel::lognormal:
    return "log-normal cascade: Kolmogorov, J. Fluid Mech. 13 (1962) 82";
  case CascadeModel::log_poisson:
    return "log-Poisson cascade: She, Leveque, Phys. Rev. Lett. 72 (1994) 336";
  case CascadeModel::binomial:
    break;
  }
  return "binomial measure: Halsey, Jensen, Kadanoff, Procaccia, Shraiman, Phys. Rev. A 33 (1986) 1141";
}

std::optional<double> FluxLaw::log_cumulant(int number) const {
  const auto of_eddies = MultifractalLaw(multipliers_, false).log_cumulant(number);
  if (!of_eddies)
    return std::nullopt;
  return std::pow(3.0, number) * *of_eddies + (number == 1 ? order_ - 1 : 0.0);
}

std::optional<double> FluxLaw::linear_beyond() const {
  const double order = measure_linearisation(multipliers_);
  return std::isfinite(order) ? std::optional(order) : std::nullopt;
}

std::string FluxLaw::reference() const {
  return "fractionally integrated flux: Schertzer, Lovejoy, J. Geophys. Res. 92 (1987) 9693";
}

} // namespace cascade::theory
