#include "theory/cascade/shifted_lattice.hpp"

#include "theory/cascade/eddy_profile.hpp"
#include "theory/gaussian/gram_basis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::theory {
namespace {

constexpr int profile_degree = 5;                          // of the wave; the window has 4
constexpr int moments = 2 * profile_degree;                // of the position, for squares of the profile
using Polynomial = std::array<double, profile_degree + 1>; ///< coefficients of w^n

/// Nodes and weights of Gauss and Legendre on [0, 1]: exact up to degree 13.
constexpr std::array<std::array<double, 2>, 7> gauss{{{0.5, 0.20897959183673469},
                                                      {0.29707742431130146, 0.19091502525255946},
                                                      {0.70292257568869854, 0.19091502525255946},
                                                      {0.12923440720030277, 0.13985269574463833},
                                                      {0.87076559279969723, 0.13985269574463833},
                                                      {0.025446043828620757, 0.064742483084434848},
                                                      {0.97455395617137924, 0.064742483084434848}}};

double value(Profile profile, double t) {
  return profile == Profile::wave ? EddyProfile::wave(2 * t - 1) : EddyProfile::window(2 * t - 1);
}

/// The profile in powers of w = t - 1/2.
Polynomial coefficients(Profile profile) {
  const double w = EddyProfile::window_scale, v = -2 * EddyProfile::wave_scale;
  return profile == Profile::window ? Polynomial{w, 0, -8 * w, 0, 16 * w, 0} : Polynomial{0, v, 0, -8 * v, 0, 16 * v};
}

double binomial(int n, int k) {
  double result = 1;
  for (int i = 0; i < k; ++i)
    result = result * (n - i) / (i + 1);
  return result;
}

/// Moments of a number uniform on an interval of this width about zero.
std::array<double, moments + 1> uniform_moments(double width) {
  std::array<double, moments + 1> m{};
  for (int n = 0; n <= moments; n += 2)
    m[static_cast<std::size_t>(n)] = std::pow(width / 2, n) / (n + 1);
  return m;
}

/// Moments of w = X + Y/m: X the centre of one of N equal parts of the eddy, Y uniform over the width of a part. X + Y
/// would be uniform over the eddy, which gives the moments of X.
std::array<double, moments + 1> position_moments(double parts, int m) {
  const auto whole = uniform_moments(1), within = uniform_moments(1 / parts), shift = uniform_moments(1 / (parts * m));
  std::array<double, moments + 1> centre{}, result{};
  for (std::size_t n = 0; n <= moments; n += 2) {
    centre[n] = parts > 1 || n == 0 ? whole[n] : 0;
    for (std::size_t k = 2; parts > 1 && k <= n; k += 2)
      centre[n] -= binomial(static_cast<int>(n), static_cast<int>(k)) * centre[n - k] * within[k];
    for (std::size_t k = 0; k <= n; k += 2)
      result[n] += binomial(static_cast<int>(n), static_cast<int>(k)) * centre[n - k] * shift[k];
  }
  return result;
}

/// Gram polynomials of m points, mean square 1: [degree][point], as many degrees as there are up to the profile's.
std::vector<std::vector<double>> gram(int m) {
  const int degrees = std::min(m, profile_degree + 1);
  const auto all = GramBasis(m, degrees - 1).slice(0, m);
  std::vector<std::vector<double>> result;
  for (int a = 0; a < degrees; ++a) {
    auto& g = result.emplace_back(all.begin() + a * m, all.begin() + (a + 1) * m);
    for (double& v : g)
      v *= std::sqrt(static_cast<double>(m));
  }
  return result;
}

/// The cell is a part of one eddy. c_a(w) = sum_n h^n mu_(a,n) p^(n)(w)/n!, mu_(a,n) the mean of g_a y^n over the
/// lattice y, h its step: lower powers are orthogonal to g_a, so that nothing cancels.
LatticePowers inside(Profile profile, double parts, int m) {
  const Polynomial p = coefficients(profile);
  const auto basis = gram(m);
  const auto moment = position_moments(parts, m);
  const double h = 1 / (parts * m);
  LatticePowers result{};
  double rest = 0;
  for (std::size_t a = basis.size(); a-- > 0;) {
    Polynomial c{};
    for (std::size_t n = a; n <= profile_degree; n += 2) { // the parity of g_a
      double mu = 0;
      for (int i = 0; i < m; ++i)
        mu += basis[a][static_cast<std::size_t>(i)] * std::pow(i - 0.5 * (m - 1), static_cast<double>(n)) / m;
      for (std::size_t k = n; k <= profile_degree; ++k)
        c[k - n] +=
            std::pow(h, static_cast<double>(n)) * mu * p[k] * binomial(static_cast<int>(k), static_cast<int>(n));
    }
    double square = 0;
    for (std::size_t i = 0; i <= profile_degree; ++i)
      for (std::size_t k = 0; k <= profile_degree; ++k)
        square += c[i] * c[k] * moment[i + k];
    if (a < 3) {
      result.power[a] = square;
      result.rest[a] = rest;
    }
    rest += square;
  }
  return result;
}

/// int_0^t p^2.
double energy_up_to(Profile profile, double t) {
  double sum = 0;
  for (const auto& [node, weight] : gauss)
    sum += weight * t * std::pow(value(profile, node * t), 2);
  return sum;
}

/// Sum over eddies, averaged over the shift, of the squared projection of each on g.
double over_eddies(Profile profile, double eddies, int m, const std::vector<double>& g) {
  double total = 0;
  if (eddies > m) { // at most one point in an eddy: the mean square of p over the places this point takes
    for (int i = 0; i < m; ++i) {
      const auto integral = [&](int k) {
        const double at = eddies * k / m;
        return std::floor(at) + energy_up_to(profile, at - std::floor(at));
      };
      const double gi = g[static_cast<std::size_t>(i)];
      total += gi * gi * (integral(i + 1) - integral(i)) * m / eddies;
    }
    return total / (static_cast<double>(m) * m);
  }
  const int count = static_cast<int>(eddies);
  for (int part = 0; part < count; ++part) // a point enters another eddy at multiples of 1/eddies only
    for (const auto& [node, weight] : gauss) {
      const double delta = (part + node) / count;
      std::vector<double> c(static_cast<std::size_t>(count), 0.0);
      for (int i = 0; i < m; ++i) {
        const double at = count * (i + delta) / m;
        const auto e = static_cast<std::size_t>(at);
        c[e] += g[static_cast<std::size_t>(i)] * value(profile, at - static_cast<double>(e)) / m;
      }
      for (const double x : c)
        total += weight / count * x * x;
    }
  return total;
}

} // namespace

double increment_square(Profile profile, double separation, bool circular) {
  if (circular)
    separation -= std::floor(separation);
  const double r = std::min(separation, 1.0);
  double sum = 0;
  for (const auto& [node, weight] : gauss) {
    const double both = node * (1 - r), low = node * r, high = low + 1 - r;
    const double entering = value(profile, low), leaving = value(profile, high);
    sum += weight * (1 - r) * std::pow(value(profile, both + r) - value(profile, both), 2);
    sum += weight * r * (circular ? std::pow(entering - leaving, 2) : entering * entering + leaving * leaving);
  }
  return sum;
}

LatticePowers lattice_powers(Profile profile, int octaves, int m) {
  if (octaves >= 0)
    return inside(profile, std::exp2(octaves), m);
  const auto basis = gram(m);
  LatticePowers result{};
  double rest = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    if (a < basis.size())
      result.power[a] = over_eddies(profile, std::exp2(-octaves), m, basis[a]);
    rest -= result.power[a];
    result.rest[a] = rest;
  }
  return result;
}

double lattice_residual(int dimensions, int octaves, int m, int degree) {
  const LatticePowers wave = lattice_powers(Profile::wave, octaves, m);
  const LatticePowers window = lattice_powers(Profile::window, octaves, m);
  // What total degree <= d leaves of the axes so far: rest_d of a new axis, and power_a of it times what d - a leaves.
  std::array<double, 3> left{};
  for (int axis = 0; axis < dimensions; ++axis) {
    const LatticePowers& p = axis == 0 ? wave : window;
    std::array<double, 3> next{};
    for (std::size_t d = 0; d <= static_cast<std::size_t>(degree); ++d) {
      next[d] = p.rest[d];
      for (std::size_t a = 0; a <= d; ++a)
        next[d] += p.power[a] * left[d - a];
    }
    left = next;
  }
  return left[static_cast<std::size_t>(degree)];
}

} // namespace cascade::theory
