#include "theory/gaussian/gaussian_expectation.hpp"

#include "theory/gaussian/gram_projection.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

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

/// visit(a, b, last): the modes (a, b, 0 .. last) of one of the sectors that symmetry maps onto each other.
template <class Visit>
void PowerLawBand::for_each_row(const Visit& visit) const {
  if (dimensions_ == 1)
    visit(Index{0}, Index{0}, largest());
  for (Index b = 0; dimensions_ == 2 && b <= largest(); ++b)
    visit(Index{0}, b, b);
  for (Index a = 0; dimensions_ == 3 && a <= largest(); ++a)
    for (Index b = 0; b <= a; ++b)
      visit(a, b, b);
}

/// row_window(a, b) gives a function of c: W at (a, b, c).
template <class RowWindow>
ShellWindow PowerLawBand::sum_over_modes(const RowWindow& row_window) const {
  const double highest = static_cast<double>(dimensions_) * square(largest());
  ShellWindow result{std::vector<double>(highest >= 1 ? shell_of(highest) + 1 : 1, 0.0)};
  for_each_row([&](Index a, Index b, Index last) {
    const auto window = row_window(a, b);
    const double other = (dimensions_ > 2 ? square(a) : 0) + (dimensions_ > 1 ? square(b) : 0);
    for (Index c = 0; c <= last; ++c) {
      const double k2 = other + square(c);
      if (k2 >= low_squared_ && k2 <= high_squared_)
        result.sum[shell_of(k2)] += multiplicity(dimensions_, a, b, c) * window(c, k2);
    }
  });
  return result;
}

/// Rows are summed by themselves first: short sums of like terms keep the roundoff down.
template <class RowWindow>
double PowerLawBand::exact_sum(const RowWindow& row_window, double hurst) const {
  double total = 0;
  for_each_row([&](Index a, Index b, Index last) {
    const auto window = row_window(a, b);
    const double other = (dimensions_ > 2 ? square(a) : 0) + (dimensions_ > 1 ? square(b) : 0);
    double sum = 0;
    for (Index c = last; c >= 0; --c)
      if (const double k2 = other + square(c), p = power(k2, hurst); p > 0)
        sum += multiplicity(dimensions_, a, b, c) * p * window(c, k2);
    total += sum;
  });
  return total;
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

Index PowerLawBand::folded(Index k) const {
  return std::min(k % points_, points_ - k % points_);
}

auto PowerLawBand::cell_window(Index side, int degree) const {
  if (side < 1 || side > points_ || degree < 0 ||
      degree > 2) // one cell anywhere: whether they tile the box is no matter
    throw std::invalid_argument("PowerLawBand::cell_error: a cell of " + std::to_string(side) + " points, degree " +
                                std::to_string(degree));
  const GramProjection projection(side);
  std::vector<GramProjection::Parts> axis(static_cast<std::size_t>(largest() + 1));
  for (Index k = 0; k <= largest(); ++k)
    axis[static_cast<std::size_t>(k)] = projection.parts(static_cast<double>(folded(k)) / static_cast<double>(points_));
  // Share of the wave beyond total degree d, axis by axis: T_d(axes) = rest_d(first) + sum_j power_j(first)
  // T_(d-j)(others).
  return [axis = std::move(axis), degree, D = dimensions_](Index a, Index b) {
    std::array<double, 3> factor{}; // of rest_e(c)
    double constant = 0;
    const auto& pa = axis[static_cast<std::size_t>(a)];
    const auto& pb = axis[static_cast<std::size_t>(b)];
    if (D == 1)
      factor[static_cast<std::size_t>(degree)] = 1;
    for (int i = 0; D == 2 && i <= degree; ++i)
      factor[static_cast<std::size_t>(degree - i)] = pb.power[i];
    constant += D == 2 ? pb.rest[degree] : (D == 3 ? pa.rest[degree] : 0.0);
    for (int j = 0; D == 3 && j <= degree; ++j) {
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
  };
}

std::vector<double> PowerLawBand::increments(Index separation) const {
  std::vector<double> axis(static_cast<std::size_t>(largest() + 1));
  for (Index k = 0; k <= largest(); ++k) {
    const double turns =
        static_cast<double>(k % points_ * (separation % points_) % points_) / static_cast<double>(points_);
    const double sine = std::sin(std::numbers::pi * turns);
    axis[static_cast<std::size_t>(k)] = 4 * sine * sine;
  }
  return axis;
}

auto PowerLawBand::increment_window(Index separation) const {
  return [axis = increments(separation), D = dimensions_](Index a, Index b) {
    const double others =
        (D > 2 ? axis[static_cast<std::size_t>(a)] : 0) + (D > 1 ? axis[static_cast<std::size_t>(b)] : 0);
    return [&axis, others, D](Index c, double) { return (others + axis[static_cast<std::size_t>(c)]) / D; };
  };
}

auto PowerLawBand::vector_increment_window(Index separation, bool longitudinal) const {
  return [axis = increments(separation), longitudinal, D = dimensions_](Index a, Index b) {
    return [&axis, longitudinal, D, a, b](Index c, double k2) {
      double sum = 0;
      const auto add = [&](Index k) {
        const double along = square(k) / k2; // what the projection takes from the component along this axis
        sum += axis[static_cast<std::size_t>(k)] * (longitudinal ? 1 - along : (D - 1 - (1 - along)) / (D - 1));
      };
      add(c);
      add(b);
      if (D > 2)
        add(a);
      return sum / D;
    };
  };
}

ShellWindow PowerLawBand::cell_error(Index side, int degree) const {
  return sum_over_modes(cell_window(side, degree));
}

ShellWindow PowerLawBand::structure_function(Index separation) const {
  return sum_over_modes(increment_window(separation));
}

ShellWindow PowerLawBand::vector_structure_function(Index separation, bool longitudinal) const {
  return sum_over_modes(vector_increment_window(separation, longitudinal));
}

double PowerLawBand::exact_variance(double hurst) const {
  return exact_sum([](Index, Index) { return [](Index, double) { return 1.0; }; }, hurst);
}

double PowerLawBand::exact_cell_error(Index side, int degree, double hurst) const {
  return exact_sum(cell_window(side, degree), hurst);
}

double PowerLawBand::exact_structure_function(Index separation, double hurst) const {
  return exact_sum(increment_window(separation), hurst);
}

double PowerLawBand::exact_vector_structure_function(Index separation, bool longitudinal, double hurst) const {
  return exact_sum(vector_increment_window(separation, longitudinal), hurst);
}

std::vector<double> PowerLawBand::exact_spectrum(double hurst) const {
  const double corner = static_cast<double>(points_ / 2) * std::sqrt(static_cast<double>(dimensions_));
  std::vector<double> shells(static_cast<std::size_t>(std::lround(corner)) + 1, 0.0);
  exact_sum(
      [&](Index a, Index b) {
        const double other = (dimensions_ > 2 ? square(folded(a)) : 0) + (dimensions_ > 1 ? square(folded(b)) : 0);
        return [&, a, b, other](Index c, double k2) {
          const double seen = std::sqrt(other + square(folded(c)));
          shells[static_cast<std::size_t>(std::lround(seen))] += multiplicity(dimensions_, a, b, c) * power(k2, hurst);
          return 0.0;
        };
      },
      hurst);
  return shells;
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
