#include "theory/gram_projection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace cascade::theory {

GramProjection::GramProjection(std::int64_t side) : side_(side), moments_(degrees * terms, 0.0) {
  const auto s = static_cast<double>(side);
  std::array<double, degrees> inverse_norm{}; // of the monic polynomials in y; zero where the lattice has none
  double square = 1;
  for (int j = 0; j < degrees && j < side; ++j) {
    inverse_norm[static_cast<std::size_t>(j)] = 1 / std::sqrt(square);
    const double i = j + 1;
    square *= i * i * (s * s - i * i) / ((4 * i * i - 1) * s * s);
  }
  for (std::int64_t x = 0; x < side; ++x) {
    const double y = (2 * static_cast<double>(x) + 1) / s - 1;
    double before = 0, here = 1; // monic: p_(j+1) = y p_j - b_j p_(j-1), b_j = j^2 (1 - j^2/s^2)/(4 j^2 - 1)
    double power = 1;            // y^j / j!
    for (int j = 0; j < degrees; ++j) {
      double term = power;
      for (int t = 0; t < terms; ++t) {
        moments_[static_cast<std::size_t>(j * terms + t)] +=
            inverse_norm[static_cast<std::size_t>(j)] * here * term / s;
        const double p = j + 2 * t;
        term *= y * y / ((p + 1) * (p + 2));
      }
      const double b = static_cast<double>(j * j) * (1 - static_cast<double>(j * j) / (s * s)) / (4.0 * j * j - 1);
      before = std::exchange(here, y * here - b * before);
      power *= y / (j + 1);
    }
  }
}

// mean g_j exp(i z y) = i^j sum_t (-1)^t z^(j + 2t) moment(j, t): lower powers of y are orthogonal to g_j.
GramProjection::Parts GramProjection::near(double z) const {
  std::array<double, degrees> power{};
  double leading = 1;
  for (int j = 0; j < degrees; ++j, leading *= z) {
    double sum = 0;
    for (int t = terms - 1; t >= 0; --t)
      sum = moments_[static_cast<std::size_t>(j * terms + t)] - z * z * sum;
    power[static_cast<std::size_t>(j)] = leading * leading * sum * sum;
  }
  Parts result{{power[0], power[1], power[2]}, {}};
  double rest = 0;
  for (int j = degrees - 1; j > 0; --j) {
    rest += power[static_cast<std::size_t>(j)];
    if (j <= 3)
      result.rest[j - 1] = rest;
  }
  return result;
}

GramProjection::Parts GramProjection::far(double cycles) const {
  const auto s = static_cast<double>(side_);
  const double u = std::numbers::pi * cycles;
  const double sine = std::sin(u), cosine = std::cos(u);
  const double many = std::sin(s * u), many_cosine = std::cos(s * u);
  const double kernel = many / sine;
  const double first = (s * many_cosine - kernel * cosine) / sine;            // d/du
  const double second = -s * s * kernel - 2 * first * cosine / sine + kernel; // d^2/du^2
  const double variance = (s * s - 1) / 12;                                   // of x'
  const double fourth = (s * s - 1) * (s * s - 4) / 180;                      // of x'^2
  Parts result{};
  result.power[0] = kernel * kernel / (s * s);
  result.power[1] = side_ > 1 ? first * first / (4 * s * s * variance) : 0;
  const double quadratic = -second / 4 - variance * kernel;
  result.power[2] = side_ > 2 ? quadratic * quadratic / (s * s * fourth) : 0;
  double rest = 1;
  for (int j = 0; j < 3; ++j) {
    rest -= result.power[j];
    result.rest[j] = side_ > j + 1 ? std::max(rest, 0.0) : 0.0;
  }
  return result;
}

GramProjection::Parts GramProjection::parts(double cycles) const {
  const double z = std::numbers::pi * cycles * static_cast<double>(side_);
  return z <= 1 ? near(z) : far(cycles);
}

} // namespace cascade::theory
