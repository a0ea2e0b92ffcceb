// Finite-size sums of the cascade against brute force: one eddy on a grid, every position and orientation.

#include "theory/cascade/cascade_levels.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numbers>

using namespace cascade;
using theory::Activity;
using theory::CascadeLevels;

namespace {

using Grid = std::vector<double>; ///< n^D values, row-major

std::size_t power(std::size_t n, int D) {
  std::size_t total = 1;
  for (int a = 0; a < D; ++a)
    total *= n;
  return total;
}

/// Index along axis a of point i.
std::size_t along(std::size_t i, int a, int D, std::size_t n) {
  return i / power(n, D - 1 - a) % n;
}

/// An eddy of `m` points a side with its first point at `corner`, its wave along `orientation`, alone on the grid.
Grid eddy(int D, std::size_t n, std::size_t m, const std::vector<std::size_t>& corner, int orientation) {
  Grid f(power(n, D), 0.0);
  for (std::size_t i = 0; i < f.size(); ++i) {
    double value = 1;
    for (int a = 0; a < D; ++a) {
      const std::size_t x = along(i, a, D, n), c = corner[static_cast<std::size_t>(a)];
      if (x < c || x >= c + m) {
        value = 0;
        break;
      }
      const double u = 2 * (static_cast<double>(x - c) + 0.5) / static_cast<double>(m) - 1;
      value *= a == orientation ? theory::EddyProfile::wave(u) : theory::EddyProfile::window(u);
    }
    f[i] = value;
  }
  return f;
}

/// What the least-squares polynomial of total degree <= degree leaves on aligned cells of `side` points: monomials made
/// orthonormal on the cell by Gram and Schmidt.
Grid residual(const Grid& f, int D, std::size_t n, std::size_t side, int degree) {
  const std::size_t per_cell = power(side, D);
  std::vector<Grid> basis;
  for (std::size_t code = 0; code < power(3, D); ++code) {
    int total = 0;
    for (int a = 0; a < D; ++a)
      total += static_cast<int>(along(code, a, D, 3));
    if (total > degree)
      continue;
    Grid g(per_cell);
    for (std::size_t i = 0; i < per_cell; ++i) {
      g[i] = 1;
      for (int a = 0; a < D; ++a)
        g[i] *= std::pow(static_cast<double>(along(i, a, D, side)) - 0.5 * static_cast<double>(side - 1),
                         static_cast<double>(along(code, a, D, 3)));
    }
    basis.push_back(g);
  }
  std::vector<Grid> orthonormal;
  for (Grid g : basis) { // in the order of the codes each is independent of those before or zero on few points
    double before = 0, after = 0;
    for (const double v : g)
      before += v * v;
    for (int repeat = 0; repeat < 2; ++repeat)
      for (const Grid& e : orthonormal) {
        double c = 0;
        for (std::size_t i = 0; i < per_cell; ++i)
          c += e[i] * g[i];
        for (std::size_t i = 0; i < per_cell; ++i)
          g[i] -= c * e[i];
      }
    for (const double v : g)
      after += v * v;
    if (after <= 1e-20 * before)
      continue;
    for (double& v : g)
      v /= std::sqrt(after);
    orthonormal.push_back(std::move(g));
  }
  Grid left = f;
  std::vector<std::vector<double>> projection(power(n / side, D), std::vector<double>(orthonormal.size(), 0.0));
  for (const bool projecting : {true, false})
    for (std::size_t i = 0; i < f.size(); ++i) {
      std::size_t cell = 0, inside = 0;
      for (int a = 0; a < D; ++a) {
        const std::size_t x = along(i, a, D, n);
        cell = cell * (n / side) + x / side;
        inside = inside * side + x % side;
      }
      for (std::size_t e = 0; e < orthonormal.size(); ++e)
        if (projecting)
          projection[cell][e] += f[i] * orthonormal[e][inside];
        else
          left[i] -= projection[cell][e] * orthonormal[e][inside];
    }
  return left;
}

double residual_energy(const Grid& f, int D, std::size_t n, std::size_t side, int degree) {
  double energy = 0;
  for (const double v : residual(f, D, n, side, degree))
    energy += v * v;
  return energy;
}

/// Mean over positions and orientations of a property of one level-l eddy, per point of the eddy.
template <class Property>
double mean_over_eddies(int D, std::size_t n, int level, Property property) {
  const std::size_t m = n >> level, places = power(std::size_t{1} << level, D);
  double total = 0;
  for (std::size_t place = 0; place < places; ++place)
    for (int orientation = 0; orientation < D; ++orientation) {
      std::vector<std::size_t> corner;
      for (int a = 0; a < D; ++a)
        corner.push_back(m * along(place, a, D, std::size_t{1} << level));
      total += property(eddy(D, n, m, corner, orientation));
    }
  return total / static_cast<double>(places * static_cast<std::size_t>(D)) / static_cast<double>(power(m, D));
}

/// All cells alive: N_l = 2^(D l).
Activity all_alive(int levels, int D) {
  Activity a;
  for (int l = 0; l < levels; ++l)
    a.cells.push_back(std::exp2(D * l));
  return a;
}

/// The bracket of one level: what a sum over levels gains when this one is alive too. h = 0, so that A_l = 1.
template <class Curve>
double one_level(int level, int D, Curve curve) {
  const double with = curve(all_alive(level + 1, D));
  return level == 0 ? with : with - curve(all_alive(level, D));
}

constexpr double eps = std::numeric_limits<double>::epsilon();

struct Size {
  int D;
  std::int64_t n;
  int levels;
};

} // namespace

TEST_CASE("Eddies have unit mean square, the wave zero mean, both flat ends", "[eddy_profile]") {
  // The integrands are polynomials of degree 10 at most: Gauss-Legendre would be exact; the midpoint rule on a function
  // that vanishes with four derivatives at both ends errs by far less than 1/n^4.
  constexpr int n = 4096;
  double window = 0, wave = 0, mean = 0;
  for (int i = 0; i < n; ++i) {
    const double u = 2 * (i + 0.5) / n - 1;
    window += std::pow(theory::EddyProfile::window(u), 2) / n;
    wave += std::pow(theory::EddyProfile::wave(u), 2) / n;
    mean += theory::EddyProfile::wave(u) / n;
  }
  CHECK(window == Approx(1).epsilon(n * eps));
  CHECK(wave == Approx(1).epsilon(n * eps));
  CHECK(std::abs(mean) < n * eps);
  for (const double end : {-1.0, 1.0})
    for (const double step : {1e-3, 1e-4}) { // vanish as the square of the distance: with their slope
      CHECK(std::abs(theory::EddyProfile::window(end * (1 - step))) < 4 * 1.6 * step * step);
      CHECK(std::abs(theory::EddyProfile::wave(end * (1 - step))) < 4 * 5.3 * step * step);
    }
}

TEST_CASE("R_l is the residual of one eddy, averaged over places and orientations", "[cascade_levels]") {
  for (const Size s : {Size{1, 32, 5}, Size{1, 12, 3}, Size{2, 16, 4}, Size{2, 12, 3}, Size{3, 8, 3}}) {
    const auto n = static_cast<std::size_t>(s.n);
    for (int level = 0; level < s.levels; ++level) {
      const CascadeLevels theory(s.D, s.n, level + 1), above(s.D, s.n, std::max(level, 1));
      for (std::size_t side = n; side >= 2; side = side % 2 == 0 ? side / 2 : 1)
        for (const int degree : {0, 1, 2}) {
          CAPTURE(s.D, s.n, level, side, degree);
          const std::vector<std::int64_t> sides{static_cast<std::int64_t>(side)};
          const double expected =
              mean_over_eddies(s.D, n, level, [&](const Grid& f) { return residual_energy(f, s.D, n, side, degree); });
          const double all = theory.loss(0, 2, degree, false, sides, all_alive(level + 1, s.D))[0];
          const double rest = level == 0 ? 0 : above.loss(0, 2, degree, false, sides, all_alive(level, s.D))[0];
          CHECK(all - rest == Approx(expected).margin(2e3 * eps)); // sums of up to 1000 terms of order one
        }
    }
  }
}

TEST_CASE("The bracket of S_2 is the increment of one eddy; level 0 is periodic", "[cascade_levels]") {
  for (const Size s : {Size{1, 32, 5}, Size{1, 24, 4}, Size{2, 16, 4}, Size{3, 8, 3}}) {
    const auto n = static_cast<std::size_t>(s.n);
    for (int level = 0; level < s.levels; ++level) {
      const CascadeLevels theory(s.D, s.n, level + 1), above(s.D, s.n, std::max(level, 1));
      for (std::size_t r = 1; r <= n / 2; ++r) {
        CAPTURE(s.D, s.n, level, r);
        const std::vector<std::int64_t> separations{static_cast<std::int64_t>(r)};
        const double expected = mean_over_eddies(s.D, n, level, [&](const Grid& f) {
          double sum = 0;
          for (int a = 0; a < s.D; ++a) {
            const std::size_t stride = power(n, s.D - 1 - a);
            for (std::size_t i = 0; i < f.size(); ++i) {
              const std::size_t x = along(i, a, s.D, n), other = i + ((x + r) % n) * stride - x * stride;
              sum += (f[other] - f[i]) * (f[other] - f[i]) / s.D;
            }
          }
          return sum;
        });
        const double all = theory.increment(0, 2, separations, all_alive(level + 1, s.D))[0];
        const double rest = level == 0 ? 0 : above.increment(0, 2, separations, all_alive(level, s.D))[0];
        CHECK(all - rest == Approx(expected).margin(2e3 * eps));
      }
    }
  }
}

TEST_CASE("Amplitudes, activity and averages enter as docs/theory.md (34) says", "[cascade_levels]") {
  constexpr int D = 2, levels = 5;
  constexpr std::int64_t n = 32;
  const CascadeLevels theory(D, n, levels);
  const Activity counted{{1, 3, 8, 21, 50}};
  const std::vector<std::int64_t> sides{32, 16, 8, 4};
  for (const int degree : {0, 1}) {
    std::vector<std::vector<double>> R(levels); // [level][side]
    for (int l = 0; l < levels; ++l)
      for (const std::int64_t side : sides)
        R[static_cast<std::size_t>(l)].push_back(one_level(l, D, [&](const Activity& a) {
          return CascadeLevels(D, n, static_cast<int>(a.cells.size())).loss(0, 2, degree, false, {&side, 1}, a)[0];
        }));
    for (const double h : {0.1, 0.4}) {
      const auto volume = theory.loss(h, 2, degree, false, sides, counted);
      const auto active = theory.loss(h, 2, degree, true, sides, counted);
      for (int j = 0; j < 4; ++j) {
        const auto at = static_cast<std::size_t>(j);
        double by_volume = 0, by_active = 0;
        for (int l = 0; l < levels; ++l) {
          const double N = counted.cells[static_cast<std::size_t>(l)], square = std::exp2(-2 * l * h);
          const double part = square * R[static_cast<std::size_t>(l)][at];
          by_volume += part * N * std::exp2(-D * l);
          by_active += part * (l <= j ? 1 : N * std::exp2(-D * (l - j)) / counted.cells[at]);
        }
        CHECK(volume[at] == Approx(by_volume).epsilon(1e3 * eps));
        CHECK(active[at] == Approx(by_active).epsilon(1e3 * eps));
      }
    }
  }
}

TEST_CASE("No activity counted means all cells alive", "[cascade_levels]") {
  const CascadeLevels theory(2, 32, 5);
  const std::vector<std::int64_t> sides{16, 8, 4};
  CHECK(theory.loss(0.3, 2, 1, false, sides, {}) == theory.loss(0.3, 2, 1, false, sides, all_alive(5, 2)));
  CHECK(theory.loss(0.3, 4, 0, true, sides, {}) == theory.loss(0.3, 4, 0, true, sides, all_alive(5, 2)));
  CHECK(theory.increment(0.3, 3, sides, {}) == theory.increment(0.3, 3, sides, all_alive(5, 2)));
}

TEST_CASE("Missing variance and completion are the levels that are not there", "[cascade_levels]") {
  // A deep cascade against its own upper part: what the truncated one says is missing must be what the deep one has.
  constexpr double h = 0.3, decay = 0.8;
  const auto activity = [&](int levels) {
    Activity a;
    for (int l = 0; l < levels; ++l)
      a.cells.push_back(std::exp2(l) * std::pow(decay, l));
    return a;
  };
  const CascadeLevels theory(1, 4096, 6);
  double missing = 0;
  for (int l = 6; l < 200; ++l)
    missing += std::exp2(-2 * l * h) * std::pow(decay, l);
  CHECK(theory.missing_variance(h, activity(6), decay) == Approx(missing).epsilon(1e-12));

  // Completion of order two: (loss over alive cells of all levels)/(of six), small eddies being whole within a cell.
  const std::vector<std::int64_t> sides{4096, 1024, 128};
  const auto factor = theory.completion(h, 2, 0, sides, activity(6), decay);
  const auto present = theory.loss(h, 2, 0, true, sides, activity(6));
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const double phi = std::pow(decay, std::log2(4096.0 / static_cast<double>(sides[i])));
    // 40 levels, and eddies of 64 points and more have their mean square to one part in 64^4
    CHECK(factor[i] == Approx(1 + missing / phi / present[i]).epsilon(1e-5));
  }
}

TEST_CASE("Fourth moments of cells are those of every sign and orientation", "[cascade_levels]") {
  // The residual of each eddy on its own, squared and to the fourth at every point: for independent signs and axes
  // <r^4> = 3 (sum <c^2>)^2 + sum (<c^4> - 3 <c^2>^2), c the eddies' residuals at a point, <> over the axes.
  struct Setting {
    int D;
    std::size_t n;
    int levels, degree;
    std::size_t side;
  };
  for (const auto& [D, n, levels, degree, side] :
       {Setting{1, 64, 6, 0, 8}, Setting{1, 64, 6, 2, 4}, Setting{2, 16, 4, 0, 2}, Setting{2, 16, 4, 1, 4},
        Setting{2, 32, 4, 1, 16}, Setting{3, 8, 3, 1, 4}}) {
    CAPTURE(D, n, levels, degree, side);
    constexpr double h = 0.3;
    const std::size_t points = power(n, D);
    Grid square(points, 0.0), own(points, 0.0);
    for (int l = 0; l < levels; ++l) {
      const std::size_t places = power(std::size_t{1} << l, D);
      for (std::size_t place = 0; place < places; ++place) {
        std::vector<std::size_t> corner;
        for (int a = 0; a < D; ++a)
          corner.push_back((n >> l) * along(place, a, D, std::size_t{1} << l));
        Grid second(points, 0.0), fourth(points, 0.0);
        for (int o = 0; o < D; ++o) {
          const Grid r = residual(eddy(D, n, n >> l, corner, o), D, n, side, degree);
          for (std::size_t i = 0; i < points; ++i) {
            second[i] += std::exp2(-2 * l * h) * r[i] * r[i] / D;
            fourth[i] += std::exp2(-4 * l * h) * std::pow(r[i], 4) / D;
          }
        }
        for (std::size_t i = 0; i < points; ++i) {
          square[i] += second[i];
          own[i] += fourth[i] - 3 * second[i] * second[i];
        }
      }
    }
    double expected = 0;
    for (std::size_t i = 0; i < points; ++i)
      expected += (3 * square[i] * square[i] + own[i]) / static_cast<double>(points);
    const CascadeLevels theory(D, static_cast<std::int64_t>(n), levels);
    const std::vector<std::int64_t> sides{static_cast<std::int64_t>(side)};
    CHECK(3 * theory.loss(h, 4, degree, false, sides, {})[0] == Approx(expected).epsilon(1e-9));
  }
}

TEST_CASE("Cells of more than 128 points take their fourth moments from smaller ones", "[cascade_levels]") {
  // Continuous scaling: E_4 of cells of s points over that of s/2, once both are far from the lattice, falls by the
  // same factor as theirs: the flatness <r^4>/<r^2>^2 changes slowly. A wrong shift of levels would break it at 128.
  const CascadeLevels theory(1, 1 << 14, 13);
  const std::vector<std::int64_t> sides{64, 128, 256, 512};
  for (const double h : {0.15, 0.4}) {
    const auto fourth = theory.loss(h, 4, 1, false, sides, {}), second = theory.loss(h, 2, 1, false, sides, {});
    std::vector<double> flatness;
    for (std::size_t i = 0; i < sides.size(); ++i)
      flatness.push_back(fourth[i] / (second[i] * second[i]));
    CAPTURE(h, flatness);
    const double slow = std::abs(flatness[1] / flatness[0] - 1);
    CHECK(std::abs(flatness[2] / flatness[1] - 1) < slow + 2e-3);
    CHECK(std::abs(flatness[3] / flatness[2] - 1) < slow + 2e-3);
  }
}

TEST_CASE("Fourth moments of a single level: flatness of the eddies enters exactly", "[cascade_levels]") {
  // The whole box is one cell, the field one eddy: its fourth moment, for the odd wave has no mean to take away. Family
  // curves leave out the Gaussian constant, 3 for the fourth order: their amplitude is free.
  const CascadeLevels theory(1, 64, 1);
  const Grid f = eddy(1, 64, 64, {0}, 0);
  double fourth = 0;
  for (const double v : f)
    fourth += v * v * v * v / 64;
  const std::vector<std::int64_t> whole{64};
  CHECK(theory.loss(0.3, 4, 0, false, whole, {})[0] == Approx(fourth / 3).epsilon(100 * eps));
}
