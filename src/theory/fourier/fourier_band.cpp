#include "theory/fourier/fourier_band.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace cascade::theory {
namespace {

/// Nodes and weights on [-1, 1], positive half.
constexpr std::array<std::array<double, 2>, 4> gauss8{{{0.1834346424956498, 0.3626837833783620},
                                                       {0.5255324099163290, 0.3137066458778873},
                                                       {0.7966664774136267, 0.2223810344533745},
                                                       {0.9602898564975363, 0.1012285362903763}}};

/// The terms j >= 1 of sum_j (-z^2/4)^j / (j! (D/2)_j)
double series(double half, double z) {
  const double x = 0.25 * z * z;
  double term = 1, sum = 0;
  for (int j = 1; j < 400; ++j) {
    term *= -x / (j * (half + j - 1));
    sum += term;
    if (std::abs(term) < 1e-17)
      break;
  }
  return sum;
}

} // namespace

double isotropic_cosine(int dimensions, double z) {
  z = std::abs(z);
  if (dimensions == 1)
    return std::cos(z);
  if (dimensions == 3)
    return z < 1e-4 ? 1 - z * z / 6 : std::sin(z) / z;
  const double half = 0.5 * dimensions, order = half - 1;
  if (z * z < 12 * 2 * half) // the largest term of the series is below e^12
    return 1 + series(half, z);
  if (dimensions > 40 && z * z > 30 * 2 * half && z < order)
    return 0; // below e^-15, where J underflows
  return std::exp(std::lgamma(half) + order * std::log(2 / z)) * std::cyl_bessel_j(order, z);
}

double isotropic_increment(int dimensions, double z) {
  return z * z < dimensions ? -series(0.5 * dimensions, z) : 1 - isotropic_cosine(dimensions, z);
}

FourierBand::FourierBand(int dimensions, double hurst, double lowest, int octaves, int shells_per_octave)
    : dimensions_(dimensions), hurst_(hurst), lowest_(lowest), shells_(octaves * shells_per_octave),
      width_(std::numbers::ln2 / shells_per_octave) {}

double FourierBand::mean_square() const {
  const double total = 2 * hurst_ * width_ * shells_;
  return -std::expm1(-total) / total;
}

double FourierBand::increment(double distance) const {
  double sum = 0;
  for (int shell = 0; shell < shells_; ++shell) {
    const double start = width_ * shell;
    const double largest = 2 * std::numbers::pi * lowest_ * distance * std::exp(start + width_);
    // Panels over which the argument of Lambda turns by less than a radian; far beyond, the waves average to nothing.
    const bool averaged = largest * width_ > 4000;
    const int panels = averaged ? 1 : 1 + static_cast<int>(largest * width_);
    const double half = 0.5 * width_ / panels;
    double part = 0;
    for (int p = 0; p < panels; ++p)
      for (const auto& [node, weight] : gauss8)
        for (const double side : {-1.0, 1.0}) {
          const double log_k = start + half * (2 * p + 1 + side * node);
          const double z = 2 * std::numbers::pi * lowest_ * distance * std::exp(log_k);
          const double difference = averaged ? 1 : isotropic_increment(dimensions_, z);
          part += weight * std::exp(-2 * hurst_ * log_k) * difference;
        }
    sum += 0.5 * part / panels;
  }
  return 2 * sum / (shells_ * mean_square());
}

} // namespace cascade::theory
