#include "theory/gaussian/gram_projection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace cascade::theory {

GramProjection::GramProjection(std::int64_t side) : side_(side), moments_(degrees * terms, 0.0) {
  const auto s = static_cast<double>(side);
  std::array<double, degrees> inverse_norm{}, b{}; // of the monic polynomials in y; zero where the lattice has none
  double square = 1;
  for (std::size_t j = 0; j < degrees && static_cast<std::int64_t>(j) < side; ++j) {
    inverse_norm[j] = 1 / std::sqrt(square);
    const auto i = static_cast<double>(j);
    b[j] = i * i * (s * s - i * i) / ((4 * i * i - 1) * s * s);
    square *= (i + 1) * (i + 1) * (s * s - (i + 1) * (i + 1)) / ((4 * (i + 1) * (i + 1) - 1) * s * s);
  }
  for (std::int64_t x = 0; x < side; ++x) {
    const double y = (2 * static_cast<double>(x) + 1) / s - 1;
    double before = 0, here = 1, power = 1; // p_(j-1), p_j with p_(j+1) = y p_j - b_j p_(j-1); y^j/j!
    for (std::size_t j = 0; j < degrees; ++j) {
      double term = power;
      for (std::size_t t = 0; t < terms; ++t) {
        moments_[j * terms + t] += inverse_norm[j] * here * term / s;
        const auto p = static_cast<double>(j + 2 * t);
        term *= y * y / ((p + 1) * (p + 2));
      }
      before = std::exchange(here, y * here - b[j] * before);
      power *= y / static_cast<double>(j + 1);
    }
  }
}

// mean g_j exp(i z y) = i^j sum_t (-1)^t z^(j + 2t) moment(j, t): lower powers of y are orthogonal to g_j.
std::array<double, GramProjection::degrees> GramProjection::near(double z) const {
  std::array<double, degrees> amplitude{};
  double leading = 1;
  for (std::size_t j = 0; j < degrees; ++j, leading *= z) {
    double sum = 0;
    for (std::size_t t = terms; t-- > 0;)
      sum = moments_[j * terms + t] - z * z * sum;
    amplitude[j] = leading * sum;
  }
  return amplitude;
}

// With x' = x - (s-1)/2: mean exp(i theta x') = kernel/s, and each factor x' is a derivative -i d/d theta.
std::array<double, 3> GramProjection::far(double cycles) const {
  const auto s = static_cast<double>(side_);
  const double u = std::numbers::pi * cycles;
  const double sine = std::sin(u), cosine = std::cos(u);
  const double kernel = std::sin(s * u) / sine;
  const double first = (s * std::cos(s * u) - kernel * cosine) / sine;        // d/du
  const double second = -s * s * kernel - 2 * first * cosine / sine + kernel; // d^2/du^2
  const double variance = (s * s - 1) / 12;                                   // of x'
  const double fourth = (s * s - 1) * (s * s - 4) / 180;                      // of x'^2
  return {kernel / s, side_ > 1 ? -first / (2 * s * std::sqrt(variance)) : 0.0,
          side_ > 2 ? (second / 4 + variance * kernel) / (s * std::sqrt(fourth)) : 0.0};
}

std::array<double, 3> GramProjection::amplitudes(double cycles) const {
  const double z = std::numbers::pi * cycles * static_cast<double>(side_);
  if (std::abs(z) > 1)
    return far(cycles);
  const auto c = near(z);
  return {c[0], c[1], c[2]};
}

GramProjection::Parts GramProjection::parts(double cycles) const {
  const double z = std::numbers::pi * cycles * static_cast<double>(side_);
  Parts result{};
  double rest = 0;
  if (std::abs(z) <= 1) {
    const auto c = near(z);
    for (std::size_t j = degrees - 1; j > 0; --j) {
      rest += c[j] * c[j];
      if (j <= 3)
        result.rest[j - 1] = rest;
    }
    for (std::size_t j = 0; j < 3; ++j)
      result.power[j] = c[j] * c[j];
    return result;
  }
  const auto c = far(cycles);
  rest = 1;
  for (std::size_t j = 0; j < 3; ++j) {
    result.power[j] = c[j] * c[j];
    rest -= result.power[j];
    result.rest[j] = side_ > static_cast<std::int64_t>(j) + 1 ? std::max(rest, 0.0) : 0.0;
  }
  return result;
}

} // namespace cascade::theory
