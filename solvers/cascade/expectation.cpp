#include "solvers/cascade/expectation.hpp"

#include "core/grid/line_fft.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

namespace cascade::solvers {
namespace {

using core::Index;

/// |psi_hat(k)|^2 / n^2 for k = 0 .. n/2, of an eddy of m points.
struct EddyPower {
  std::vector<double> wave, window;
  EddyPower(const core::RealLineFft& fft, Index n, Index m) {
    std::vector<std::complex<double>> modes(static_cast<std::size_t>(n / 2 + 1));
    const auto transform = [&](auto profile, std::vector<double>& power) {
      std::vector<double> line(static_cast<std::size_t>(n), 0.0);
      for (Index i = 0; i < m; ++i)
        line[static_cast<std::size_t>(i)] = profile(static_cast<double>(2 * i + 1) / static_cast<double>(m) - 1);
      fft.forward(line.data(), modes.data());
      for (const auto& z : modes)
        power.push_back(std::norm(z) / (static_cast<double>(n) * static_cast<double>(n)));
    };
    transform(theory::EddyProfile::wave, wave);
    transform(theory::EddyProfile::window, window);
  }
};

/// Calls visit(a, b, c, copies) for 0 <= c <= b <= a <= n/2 (as many of them as there are dimensions; the others 0),
/// copies: modes that differ from it by order and signs only.
template <class Visit>
void for_each_class(int dimensions, Index n, const Visit& visit) {
  const Index last = n / 2;
  const auto signs = [n](Index k) { return k == 0 || 2 * k == n ? 1.0 : 2.0; };
  for (Index a = 0; a <= last; ++a)
    for (Index b = 0; b <= (dimensions > 1 ? a : 0); ++b)
      for (Index c = 0; c <= (dimensions > 2 ? b : 0); ++c) {
        double orders = 1;
        if (dimensions == 2)
          orders = a == b ? 1 : 2;
        if (dimensions == 3)
          orders = a == b && b == c ? 1 : (a == b || b == c ? 3 : 6);
        visit(a, b, c, orders * signs(a) * (dimensions > 1 ? signs(b) : 1) * (dimensions > 2 ? signs(c) : 1));
      }
}

std::vector<double> shells_of(int dimensions, Index n, const EddyPower& eddy) {
  const double corner = static_cast<double>(n / 2) * std::sqrt(static_cast<double>(dimensions));
  std::vector<double> shells(static_cast<std::size_t>(std::lround(corner)) + 1, 0.0);
  const auto at = [](const std::vector<double>& v, Index k) { return v[static_cast<std::size_t>(k)]; };
  for_each_class(dimensions, n, [&](Index a, Index b, Index c, double copies) {
    const auto x = static_cast<double>(a), y = static_cast<double>(b), z = static_cast<double>(c);
    const std::array<Index, 3> k{a, b, c};
    double power = 0;
    for (int o = 0; o < dimensions; ++o) {
      double product = 1;
      for (int i = 0; i < dimensions; ++i)
        product *= at(i == o ? eddy.wave : eddy.window, k[static_cast<std::size_t>(i)]);
      power += product / dimensions;
    }
    shells[static_cast<std::size_t>(std::lround(std::sqrt(x * x + y * y + z * z)))] += copies * power;
  });
  return shells;
}

} // namespace

CascadeExpectation::CascadeExpectation(int dimensions, std::int64_t points, int levels, double dimension, double hurst)
    : dimensions_(dimensions), points_(points), dimension_(dimension), hurst_(hurst),
      levels_(dimensions, points, levels) {
  const core::RealLineFft fft(points);
  for (int l = 0; l < levels; ++l)
    shells_.push_back(shells_of(dimensions, points, EddyPower(fft, points, points >> l)));
}

std::optional<theory::Activity> CascadeExpectation::activity(const theory::Activity* counts) const {
  if (counts != nullptr)
    return counts->cells.size() >= shells_.size() ? std::optional(*counts) : std::nullopt;
  theory::Activity mean;
  for (std::size_t l = 0; l < shells_.size(); ++l)
    mean.cells.push_back(std::exp2(dimension_ * static_cast<double>(l)));
  return mean;
}

std::vector<std::int64_t> CascadeExpectation::in_points(std::span<const double> x) const {
  std::vector<std::int64_t> result;
  for (const double v : x)
    result.push_back(std::llround(v * static_cast<double>(points_)));
  return result;
}

theory::Expectation::Values CascadeExpectation::increment(const std::string&, double order,
                                                          std::span<const double> separations,
                                                          const theory::Activity* counts) const {
  const auto alive = activity(counts);
  if (order != 2 || !alive)
    return {};
  return levels_.increment(hurst_, 2, in_points(separations), *alive);
}

theory::Expectation::Values CascadeExpectation::loss(double order, int degree, bool active,
                                                     std::span<const double> sides,
                                                     const theory::Activity* counts) const {
  const auto alive = activity(counts);
  if (order != 2 || degree > 2 || !alive)
    return {};
  return levels_.loss(hurst_, 2, degree, active, in_points(sides), *alive);
}

theory::Expectation::Values CascadeExpectation::spectrum(const theory::Activity* counts) const {
  const auto alive = activity(counts);
  if (!alive)
    return {};
  std::vector<double> result(shells_.front().size(), 0.0);
  for (std::size_t l = shells_.size(); l-- > 0;)
    for (std::size_t n = 0; n < result.size(); ++n)
      result[n] += std::exp2(-2 * static_cast<double>(l) * hurst_) * alive->cells[l] * shells_[l][n];
  return result;
}

theory::Expectation::Values CascadeExpectation::cells(std::span<const double> sides) const {
  std::vector<double> result;
  for (const double s : sides)
    result.push_back(std::pow(s, -dimension_));
  return result;
}

std::optional<theory::Branching> CascadeExpectation::branching() const {
  return theory::Branching{std::exp2(dimensions_), std::exp2(dimension_ - dimensions_)};
}

double spectra_bytes(int dimensions, Index points, int levels) {
  constexpr double eddy_and_transform = 64; // a point of a line: the eddy, its modes, powers as they grow, the plan
  const double shells = 0.5 * static_cast<double>(points) * std::sqrt(dimensions) + 1;
  return sizeof(double) * levels * shells + eddy_and_transform * static_cast<double>(points);
}

} // namespace cascade::solvers
