#include "theory/gaussian_expectation.hpp"

#include "theory/gram_projection.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

namespace cascade::theory {
namespace {

using Index = std::int64_t;

// Shell of |k|^2: the exponent and nine bits of the mantissa as one number, a logarithm in steps of at most 0.2%.
std::size_t shell_of(double square) {
  return static_cast<std::size_t>((std::bit_cast<std::uint64_t>(square) - std::bit_cast<std::uint64_t>(1.0)) >> 43);
}

// Number of wave vectors that differ from (a, b, c), a >= b >= c >= 0, by order and signs of their components only. In
// D dimensions the first 3 - D of them are not there.
double multiplicity(int dimensions, Index a, Index b, Index c) {
  double count = c != 0 ? 2 : 1;
  if (dimensions > 1)
    count *= (b != 0 ? 2 : 1) * (b == c ? 1 : 2);
  if (dimensions > 2)
    count *= (a != 0 ? 2 : 1) * (a == b && b == c ? 1 : (a == b || b == c ? 3 : 6)) / (b == c ? 1.0 : 2.0);
  return count;
}

double square(Index k) {
  return static_cast<double>(k) * static_cast<double>(k);
}

} // namespace

/// row_window(a, b) gives a function of c: W at (a, b, c).
template <class RowWindow>
ShellWindow PowerLawBand::sum_over_modes(const RowWindow& row_window) const {
  const double highest = static_cast<double>(dimensions_) * square(largest());
  ShellWindow result{std::vector<double>(highest >= 1 ? shell_of(highest) + 1 : 1, 0.0)};
  const auto row = [&](Index a, Index b, Index last) {
    const auto window = row_window(a, b);
    const double other = (dimensions_ > 2 ? square(a) : 0) + (dimensions_ > 1 ? square(b) : 0);
    for (Index c = 0; c <= last; ++c) {
      const double k2 = other + square(c);
      if (k2 >= low_squared_ && k2 <= high_squared_)
        result.sum[shell_of(k2)] += multiplicity(dimensions_, a, b, c) * window(c, k2);
    }
  };
  if (dimensions_ == 1)
    row(0, 0, largest());
  for (Index b = 0; dimensions_ == 2 && b <= largest(); ++b)
    row(0, b, b);
  for (Index a = 0; dimensions_ == 3 && a <= largest(); ++a)
    for (Index b = 0; b <= a; ++b)
      row(a, b, b);
  return result;
}

PowerLawBand::PowerLawBand(int dimensions, Index points, std::optional<double> low_cutoff,
                           std::optional<double> high_cutoff, Index oversampling)
    : dimensions_(dimensions), points_(points),
      low_squared_(std::max(1.0, low_cutoff.value_or(0) * low_cutoff.value_or(0))),
      high_squared_(high_cutoff ? *high_cutoff * *high_cutoff : std::numeric_limits<double>::max()),
      oversampling_(oversampling) {
  if (dimensions < 1 || dimensions > 3 || points < 1 || oversampling < 1)
    throw std::invalid_argument("PowerLawBand: D must be 1, 2 or 3, points and oversampling at least 1");
  everything_ = sum_over_modes([](Index, Index) { return [](Index, double) { return 1.0; }; });
  log_wavenumber_ =
      sum_over_modes([](Index, Index) { return [](Index, double k2) { return 0.5 * std::log(k2); }; }).sum;
  for (std::size_t i = 0; i < log_wavenumber_.size(); ++i)
    if (everything_.sum[i] > 0)
      log_wavenumber_[i] /= everything_.sum[i];
}

ShellWindow PowerLawBand::cell_error(Index side, int degree) const {
  if (side < 1 || points_ % side != 0 || degree < 0 || degree > 2)
    throw std::invalid_argument("PowerLawBand::cell_error: a cell of " + std::to_string(side) + " points, degree " +
                                std::to_string(degree));
  const GramProjection projection(side);
  std::vector<GramProjection::Parts> axis(static_cast<std::size_t>(largest() + 1));
  for (Index k = 0; k <= largest(); ++k) {
    const Index folded = std::min(k % points_, points_ - k % points_); // what the coarse grid sees of k
    axis[static_cast<std::size_t>(k)] = projection.parts(static_cast<double>(folded) / static_cast<double>(points_));
  }
  // Share of the wave beyond total degree d, axis by axis: T_d(axes) = rest_d(first) + sum_j power_j(first)
  // T_(d-j)(others).
  return sum_over_modes([&](Index a, Index b) {
    std::array<double, 3> factor{}; // of rest_e(c)
    double constant = 0;
    const auto& pa = axis[static_cast<std::size_t>(a)];
    const auto& pb = axis[static_cast<std::size_t>(b)];
    if (dimensions_ == 1)
      factor[static_cast<std::size_t>(degree)] = 1;
    for (int i = 0; dimensions_ == 2 && i <= degree; ++i)
      factor[static_cast<std::size_t>(degree - i)] = pb.power[i];
    constant += dimensions_ == 2 ? pb.rest[degree] : (dimensions_ == 3 ? pa.rest[degree] : 0.0);
    for (int j = 0; dimensions_ == 3 && j <= degree; ++j) {
      constant += pa.power[j] * pb.rest[degree - j];
      for (int i = 0; i + j <= degree; ++i)
        factor[static_cast<std::size_t>(degree - i - j)] += pa.power[j] * pb.power[i];
    }
    return [&axis, factor, constant, degree](Index c, double) {
      const auto& pc = axis[static_cast<std::size_t>(c)];
      double result = constant;
      for (int e = 0; e <= degree; ++e)
        result += factor[static_cast<std::size_t>(e)] * pc.rest[e];
      return result;
    };
  });
}

ShellWindow PowerLawBand::structure_function(Index separation) const {
  std::vector<double> axis(static_cast<std::size_t>(largest() + 1));
  for (Index k = 0; k <= largest(); ++k) {
    const double turns =
        static_cast<double>(k % points_ * (separation % points_) % points_) / static_cast<double>(points_);
    const double sine = std::sin(std::numbers::pi * turns);
    axis[static_cast<std::size_t>(k)] = 4 * sine * sine / dimensions_;
  }
  return sum_over_modes([&](Index a, Index b) {
    const double others = (dimensions_ > 2 ? axis[static_cast<std::size_t>(a)] : 0) +
                          (dimensions_ > 1 ? axis[static_cast<std::size_t>(b)] : 0);
    return [&axis, others](Index c, double) { return others + axis[static_cast<std::size_t>(c)]; };
  });
}

double PowerLawBand::power(double wavenumber_squared, double hurst) const {
  if (wavenumber_squared < low_squared_ || wavenumber_squared > high_squared_)
    return 0;
  return std::exp(-(hurst + 0.5 * dimensions_) * std::log(wavenumber_squared));
}

double PowerLawBand::expectation(const ShellWindow& window, double hurst) const {
  double sum = 0;
  for (std::size_t i = window.sum.size(); i-- > 0;) // small terms first
    if (everything_.sum[i] > 0)
      sum += window.sum[i] * std::exp(-(2 * hurst + dimensions_) * log_wavenumber_[i]);
  return sum;
}

double PowerLawBand::diagonal_covariance(const ShellWindow& a, const ShellWindow& b, double hurst) const {
  double sum = 0;
  for (std::size_t i = a.sum.size(); i-- > 0;)
    if (everything_.sum[i] > 0)
      sum +=
          2 * a.sum[i] * b.sum[i] / everything_.sum[i] * std::exp(-2 * (2 * hurst + dimensions_) * log_wavenumber_[i]);
  return sum;
}

} // namespace cascade::theory
