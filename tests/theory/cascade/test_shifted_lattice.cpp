// Sums over randomly shifted lattices against a fine average over shifts and parts.
#include "theory/cascade/cascade_points_expectation.hpp"
#include "theory/cascade/eddy_profile.hpp"
#include "theory/cascade/shifted_lattice.hpp"
#include "theory/gaussian/gram_basis.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using theory::Profile;

namespace {

double profile(Profile p, double t) {
  if (t < 0 || t >= 1)
    return 0;
  return p == Profile::wave ? theory::EddyProfile::wave(2 * t - 1) : theory::EddyProfile::window(2 * t - 1);
}

/// Mean over a fine midpoint rule of the shift, and over the parts of the eddy (or sum over the eddies in the cell), of
/// the squared projection on g_a.
double brute_power(Profile p, int octaves, int m, int a, int shifts) {
  const auto g = theory::GramBasis(m, a).slice(0, m);
  const double size = std::exp2(octaves); // of the eddy, in cells
  const int parts = octaves > 0 ? 1 << octaves : 1, eddies = octaves < 0 ? 1 << -octaves : 1;
  double total = 0;
  for (int n = 0; n < shifts; ++n)
    for (int part = 0; part < parts; ++part)
      for (int e = 0; e < eddies; ++e) {
        double c = 0;
        for (int i = 0; i < m; ++i)
          c += g[static_cast<std::size_t>(a * m + i)] * std::sqrt(static_cast<double>(m)) / m *
               profile(p, (part + (i + (n + 0.5) / shifts) / m) / size - e);
        total += c * c / shifts / parts;
      }
  return total;
}

} // namespace

TEST_CASE("increments of a profile: the integral over the line, or over the circle") {
  for (const Profile p : {Profile::wave, Profile::window})
    for (const bool circular : {false, true})
      for (const double r : {1.0 / 1024, 0.125, 0.5, 0.8, 1.0, 3.0}) {
        constexpr int n = 200000;
        double sum = 0;
        for (int i = 0; i < n; ++i) {
          const double t = circular ? (i + 0.5) / n : -r + (i + 0.5) / n * (1 + r);
          const double partner = circular ? t + r - std::floor(t + r) : t + r;
          sum += std::pow(profile(p, partner) - profile(p, t), 2) * (circular ? 1 : 1 + r) / n;
        }
        INFO("r " << r << " circular " << circular);
        CHECK(theory::increment_square(p, r, circular) ==
              Approx(sum).epsilon(1e-6).margin(1e-12)); // the midpoint rule's
      }
}

TEST_CASE("projections on a shifted lattice: the mean over shifts") {
  for (const Profile p : {Profile::wave, Profile::window})
    for (const int m : {3, 4, 6})
      for (const int octaves : {3, 1, 0, -1, -2, -4})
        for (int a = 0; a < std::min(m, 3); ++a) {
          const auto exact = theory::lattice_powers(p, octaves, m);
          INFO("m " << m << " octaves " << octaves << " degree " << a);
          CHECK(exact.power[a] == Approx(brute_power(p, octaves, m, a, 4096)).epsilon(1e-5).margin(1e-10));
          double taken = 0;
          for (int b = 0; b <= a; ++b)
            taken += exact.power[b];
          if (octaves < 4)
            CHECK(exact.rest[a] == Approx(1 - taken).margin(1e-12)); // roundoff of the difference
        }
}

TEST_CASE("the residual on a small part of a smooth eddy falls as the power of its degree, without roundoff") {
  for (int degree = 0; degree < 3; ++degree)
    for (const int D : {1, 3, 6}) {
      const double one = theory::lattice_residual(D, 20, 4, degree), next = theory::lattice_residual(D, 21, 4, degree);
      CHECK(one / next == Approx(std::exp2(2 * (degree + 1))).epsilon(1e-5)); // next order of the expansion
    }
}

TEST_CASE("a cell that holds an eddy of any size: the mean square that its polynomials leave") {
  // Direct sum over the lattice in two dimensions, least squares by the product basis.
  constexpr int m = 4, shifts = 24;
  for (const int octaves : {1, 0, -1})
    for (int degree = 0; degree < 3; ++degree) {
      const auto g = theory::GramBasis(m, 2).slice(0, m);
      const auto at = [&](int a, int i) { return g[static_cast<std::size_t>(a * m + i)]; };
      const double size = std::exp2(octaves);
      const int parts = octaves > 0 ? 1 << octaves : 1, eddies = octaves < 0 ? 1 << -octaves : 1;
      double total = 0;
      for (int n = 0; n < shifts * shifts; ++n)
        for (int part = 0; part < parts * parts; ++part)
          for (int e = 0; e < eddies * eddies; ++e) {
            const auto f = [&](int i, int k) {
              return profile(Profile::wave,
                             (part % parts + (i + (n % shifts + 0.5) / shifts) / m) / size - e % eddies) *
                     profile(Profile::window,
                             (part / parts + (k + (n / shifts + 0.5) / shifts) / m) / size - e / eddies);
            };
            double square = 0;
            for (int i = 0; i < m; ++i)
              for (int k = 0; k < m; ++k)
                square += f(i, k) * f(i, k);
            for (int a = 0; a <= degree; ++a)
              for (int b = 0; a + b <= degree; ++b) {
                double c = 0;
                for (int i = 0; i < m; ++i)
                  for (int k = 0; k < m; ++k)
                    c += f(i, k) * at(a, i) * at(b, k);
                square -= c * c;
              }
            total += square / (m * m) / (shifts * shifts) / (parts * parts);
          }
      INFO("octaves " << octaves << " degree " << degree);
      CHECK(theory::lattice_residual(2, octaves, m, degree) == Approx(total).epsilon(2e-3)); // 24 shifts an axis
    }
}

TEST_CASE("sampled cascades: small cells of a space-filling cascade hold its whole variance below them") {
  const theory::CascadePointsExpectation e(3, 3.0, 0.4, 30, 4);
  const std::vector<double> s{0.5, std::exp2(-10), std::exp2(-11)};
  const auto loss = *e.loss(2, 0, false, s, nullptr);
  CHECK(loss[1] / loss[2] == Approx(std::exp2(0.8)).epsilon(1e-3)); // s^2h; large eddies add terms of 2^-12
  CHECK(*e.loss(2, 0, true, s, nullptr) == loss);                   // d = D: all is active
  CHECK((*e.cells(s))[1] == Approx(std::exp2(30)));
  CHECK_FALSE(e.loss(4, 0, true, s, nullptr));
}
