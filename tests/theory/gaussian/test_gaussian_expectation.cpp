// The window sums against sums written out mode by mode with polynomials made by Gram and Schmidt, and against the
// constants of fractional Brownian fields.
#include "theory/gaussian/gaussian_expectation.hpp"
#include "theory/gaussian/gaussian_family.hpp"
#include "theory/gaussian/gram_projection.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

using namespace cascade::theory;

namespace {

using Vector = std::vector<std::complex<double>>;

std::complex<double> dot(const Vector& a, const Vector& b) {
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::conj(a[i]) * b[i];
  return sum / static_cast<double>(a.size());
}

void remove(Vector& from, const Vector& direction) {
  const auto along = dot(direction, from);
  for (std::size_t i = 0; i < from.size(); ++i)
    from[i] -= along * direction[i];
}

struct Cell {
  int dimensions, side;
  std::size_t size() const { return static_cast<std::size_t>(std::pow(side, dimensions) + 0.5); }
  double coordinate(std::size_t i, int axis) const {
    for (int a = 0; a < axis; ++a)
      i /= static_cast<std::size_t>(side);
    return static_cast<double>(i % static_cast<std::size_t>(side));
  }
};

/// Orthonormal polynomials of total degree <= degree on the cell's lattice.
std::vector<Vector> polynomials(const Cell& cell, int degree) {
  std::vector<Vector> basis;
  for (int total = 0; total <= degree; ++total)
    for (int p0 = 0; p0 <= total; ++p0)
      for (int p1 = 0; p0 + p1 <= total; ++p1) {
        const std::array<int, 3> power{p0, p1, total - p0 - p1};
        if ((cell.dimensions < 3 && power[2] > 0) || (cell.dimensions < 2 && power[1] > 0))
          continue;
        Vector v(cell.size(), 1.0);
        for (std::size_t i = 0; i < v.size(); ++i)
          for (int a = 0; a < cell.dimensions; ++a)
            v[i] *= std::pow(cell.coordinate(i, a) - 0.5 * (cell.side - 1), power[static_cast<std::size_t>(a)]);
        for (int pass = 0; pass < 2; ++pass)
          for (const Vector& b : basis)
            remove(v, b);
        const double norm = std::sqrt(dot(v, v).real());
        if (norm < 1e-9)
          continue; // the lattice is too small for this degree
        for (auto& x : v)
          x /= norm;
        basis.push_back(v);
      }
  return basis;
}

struct Case {
  int dimensions, points, side, oversampling;
  double low, high;
};

/// Calls visit(k, |k|^2) for all modes of the band.
template <class Visit>
void for_each_mode(const Case& c, Visit visit) {
  const int largest = (c.points * c.oversampling - 1) / 2;
  const int l1 = c.dimensions > 1 ? largest : 0, l2 = c.dimensions > 2 ? largest : 0;
  for (int k0 = -largest; k0 <= largest; ++k0)
    for (int k1 = -l1; k1 <= l1; ++k1)
      for (int k2 = -l2; k2 <= l2; ++k2) {
        const double square = k0 * k0 + k1 * k1 + k2 * k2;
        if (square > 0 && square >= c.low * c.low && square <= c.high * c.high)
          visit(std::array<int, 3>{k0, k1, k2}, square);
      }
}

double direct_error(const Case& c, int degree, double h) {
  const Cell cell{c.dimensions, c.side};
  const auto basis = polynomials(cell, degree);
  double sum = 0;
  for_each_mode(c, [&](const std::array<int, 3>& k, double square) {
    Vector wave(cell.size());
    for (std::size_t i = 0; i < wave.size(); ++i) {
      double phase = 0;
      for (int a = 0; a < c.dimensions; ++a)
        phase += k[static_cast<std::size_t>(a)] * cell.coordinate(i, a);
      wave[i] = std::polar(1.0, 2 * std::numbers::pi * phase / c.points);
    }
    for (const Vector& b : basis)
      remove(wave, b);
    sum += dot(wave, wave).real() * std::pow(square, -h - 0.5 * c.dimensions);
  });
  return sum;
}

} // namespace

TEST_CASE("Expected error of cells equals the sum written out mode by mode") {
  // Roundoff: the direct residual of a unit wave is good to a few epsilon, the sum of some thousand of them to 1e-12.
  for (const Case& c :
       {Case{1, 24, 4, 1, 0, 1e9}, Case{1, 30, 15, 1, 2, 11}, Case{1, 12, 6, 3, 0, 1e9}, Case{2, 12, 3, 1, 0, 1e9},
        Case{2, 12, 2, 1, 0, 1e9}, Case{2, 8, 8, 1, 1.5, 3.2}, Case{2, 8, 4, 2, 0, 1e9}, Case{3, 8, 2, 1, 0, 1e9},
        Case{3, 8, 4, 1, 0, 1e9}, Case{3, 6, 3, 1, 2, 4}, Case{3, 8, 1, 1, 0, 1e9}, Case{1, 25, 6, 1, 0, 1e9},
        Case{2, 10, 4, 1, 0, 1e9}, Case{3, 7, 3, 1, 0, 1e9}}) { // the last three leave points over
    const PowerLawBand band(c.dimensions, c.points, c.low, c.high, c.oversampling);
    for (int degree = 0; degree <= 2; ++degree) {
      const ShellWindow window = band.cell_error(c.side, degree);
      for (const double h : {0.1, 1.0 / 3.0, 1.5}) {
        CAPTURE(c.dimensions, c.points, c.side, c.oversampling, degree, h);
        CHECK(band.expectation(window, h) == Approx(direct_error(c, degree, h)).epsilon(1e-10).margin(1e-13));
      }
    }
  }
}

TEST_CASE("Expected structure function and variance equal the sums written out") {
  for (const Case& c : {Case{1, 24, 1, 1, 0, 1e9}, Case{2, 12, 1, 2, 0, 1e9}, Case{3, 9, 1, 1, 2, 4}}) {
    const PowerLawBand band(c.dimensions, c.points, c.low, c.high, c.oversampling);
    for (const int r : {1, 3, 7}) {
      double s2 = 0, variance = 0;
      for_each_mode(c, [&](const std::array<int, 3>& k, double square) {
        const double p = std::pow(square, -0.4 - 0.5 * c.dimensions);
        variance += p;
        s2 += 2 * p * (1 - std::cos(2 * std::numbers::pi * k[0] * r / c.points));
      });
      CHECK(band.expectation(band.structure_function(r), 0.4) == Approx(s2).epsilon(1e-12));
      CHECK(band.variance(0.4) == Approx(variance).epsilon(1e-12));
    }
  }
}

TEST_CASE("Curves of a solenoidal vector: components add up to the trace, shells to the modes") {
  for (const int D : {2, 3}) {
    const PowerLawBand band(D, 24);
    const GaussianFamily family(band, 1, D);
    const std::vector<std::int64_t> r{1, 2, 4, 8};
    CHECK(family.stationary());
    for (const double h : {0.2, 0.7}) {
      CAPTURE(D, h);
      const auto along = family.component_increment("longitudinal", h, 2, r, {}),
                 across = family.component_increment("transverse", h, 2, r, {}), scalar = family.increment(h, 2, r, {});
      for (std::size_t i = 0; i < r.size(); ++i) {
        CHECK(along[i] == Approx(band.exact_vector_structure_function(r[i], true, h)).epsilon(1e-5));
        CHECK(across[i] == Approx(band.exact_vector_structure_function(r[i], false, h)).epsilon(1e-5));
        // the projection leaves D - 1 of the D parts that the trace of (1 - kk/k^2) P has
        CHECK(along[i] + (D - 1) * across[i] == Approx((D - 1) * scalar[i]).epsilon(1e-5));
      }
      CHECK(family.component_increment("longitudinal", h, 4, r, {})[1] == Approx(along[1] * along[1]));
      CHECK(family.component_increment("", h, 2, r, {}) == scalar);
    }
  }
}

TEST_CASE("Projection of a wave: the two formulas meet, and smooth waves leave what Taylor says") {
  for (const std::int64_t s : {2, 3, 5, 16, 257, 4096}) {
    const GramProjection projection(s);
    const double meeting = 1 / (std::numbers::pi * static_cast<double>(s)); // cycles at z = 1
    const auto below = projection.parts(meeting * (1 - 1e-13)), above = projection.parts(meeting * (1 + 1e-13));
    for (int j = 0; j < 3; ++j) {
      CAPTURE(s, j);
      CHECK(below.power[j] == Approx(above.power[j]).epsilon(1e-9).margin(1e-15));
      CHECK(below.rest[j] == Approx(above.rest[j]).epsilon(1e-9).margin(1e-14));
      // rest_j -> theta^(2m) |monic Gram polynomial of degree m|^2/(m!)^2, m = j + 1.
      const double theta = 1e-6 / static_cast<double>(s), m = j + 1, n = static_cast<double>(s);
      double norm = 1, factorial = 1;
      for (int i = 1; i <= j + 1; ++i) {
        norm *= i * i * (n * n - i * i) / (4.0 * (4.0 * i * i - 1));
        factorial *= i;
      }
      const double expected = std::pow(theta, 2 * m) * norm / (factorial * factorial);
      CHECK(projection.parts(theta / (2 * std::numbers::pi)).rest[j] == Approx(expected).epsilon(1e-9).margin(0));
    }
  }
}

TEST_CASE("Large grids approach the constants of fractional Brownian fields") {
  // E(2s) - E(s) and S_2(2s) - S_2(s) are both free of the missing variance below the grid scale, and in the ratio c
  // ((2^(2h) cancels) what is left is the large scales the box lacks, (2 s/n)^(2-2h), and the lattice, s^-2.
  struct Row {
    int dimensions;
    double h, c0, c1;
  };
  for (const Row& row : {Row{1, 1.0 / 3, .225, .128571}, Row{1, .5, .166667, .066667}, Row{1, .7, .122549, .027233},
                         Row{2, 1.0 / 3, .314643, .190135}, Row{2, .5, .260703, .113053},
                         Row{3, 1.0 / 3, .373028, .231825}, Row{3, .5, .330854, .149378}}) {
    const std::int64_t n = row.dimensions == 1 ? 1 << 20 : (row.dimensions == 2 ? 2048 : 256);
    const std::int64_t s = row.dimensions == 1 ? 64 : 8;
    const PowerLawBand band(row.dimensions, n);
    const auto step = [&](auto window) {
      return band.expectation(window(2 * s), row.h) - band.expectation(window(s), row.h);
    };
    const double s2 = step([&](std::int64_t r) { return band.structure_function(r); });
    const double tolerance = 2 * std::pow(2.0 * static_cast<double>(s) / static_cast<double>(n), 2 - 2 * row.h) +
                             2.0 / static_cast<double>(s * s) + 2e-5; // the last: digits of the table
    CAPTURE(row.dimensions, row.h, tolerance);
    CHECK(step([&](std::int64_t side) { return band.cell_error(side, 0); }) / s2 == Approx(row.c0).epsilon(tolerance));
    CHECK(step([&](std::int64_t side) { return band.cell_error(side, 1); }) / s2 == Approx(row.c1).epsilon(tolerance));
  }
}

TEST_CASE("Smooth fields: error of degree 1 falls as s^4, without loss to cancellation") {
  const PowerLawBand band(1, 1 << 20);
  CHECK(band.expectation(band.cell_error(2, 1), 2.5) == 0); // two points, two coefficients
  const double steep = band.expectation(band.cell_error(64, 1), 2.5) / band.expectation(band.cell_error(32, 1), 2.5);
  CHECK(std::log2(steep) == Approx(4).margin(0.01)); // h > 2: s^4 but for 1 - 1/s^2 of the lattice
  CHECK(band.expectation(band.cell_error(4, 1), 2.5) < 1e-18);
}

TEST_CASE("Scatter of other orders on one Gaussian field, by order 2's", "[gaussian]") {
  const GaussianFamily scalar(PowerLawBand(1, 64), 1), plane(PowerLawBand(2, 16), 1, 2);
  CHECK(scalar.order_factor(2, 1) == Approx(1));
  CHECK(scalar.order_factor(4, 1) == Approx(16.0 / 3)); // <z^8>/<z^4>^2 - 1 = 32/3 over <z^4>/<z^2>^2 - 1 = 2
  CHECK(scalar.order_factor(1, -1) == Approx(0.25 * (std::numbers::pi - 2)));
  CHECK(plane.order_factor(2, 0) == Approx(1));
  CHECK(plane.order_factor(4, 0) == Approx(5));         // of |v|^2 exponential: 4!/2!^2 - 1 over 1
  CHECK(plane.order_factor(4, -1) == Approx(16.0 / 3)); // increments are of one component
}
