// Residual variances of Gaussian cells against dense matrices, and sums over modes against sums written out.
#include "core/grid/distributed_fft.hpp"
#include "solvers/gaussian/expectation.hpp"
#include "solvers/gaussian/residual_moments.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace cascade;
using core::Index;

namespace {

using Matrix = std::vector<std::vector<double>>;

std::size_t power(Index n, int D) {
  return static_cast<std::size_t>(std::llround(std::pow(static_cast<double>(n), D)));
}

/// Index along axis a (0 .. D-1, the last fastest) of point i.
Index along(std::size_t i, int a, int D, Index n) {
  for (int b = D - 1; b > a; --b)
    i /= static_cast<std::size_t>(n);
  return static_cast<Index>(i) % n;
}

/// Mean over a cell of diag((1 - H) C (1 - H)^T)^(q/2), the covariance summed wave by wave and H from monomials made
/// orthonormal.
double dense_moment(int D, Index n, Index side, int degree, double q, const solvers::GridPower& spectrum) {
  const std::size_t points = power(side, D), waves = power(n, D);
  const auto covariance = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t w = 0; w < waves; ++w) {
      Index k[3] = {0, 0, 0};
      double phase = 0;
      for (int a = 0; a < D; ++a) {
        const Index raw = along(w, a, D, n), folded = raw <= n / 2 ? raw : raw - n;
        k[3 - D + a] = folded;
        phase += static_cast<double>(folded * (along(i, a, D, side) - along(j, a, D, side))) / static_cast<double>(n);
      }
      sum += spectrum(k[0], k[1], k[2]) * std::cos(2 * std::numbers::pi * phase);
    }
    return sum;
  };
  Matrix C(points, std::vector<double>(points));
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      C[i][j] = C[j][i] = covariance(i, j);
  Matrix basis;
  for (std::size_t code = 0; code < power(3, D); ++code) {
    Index total = 0;
    for (int a = 0; a < D; ++a)
      total += along(code, a, D, 3);
    if (total > degree)
      continue;
    std::vector<double> g(points, 1.0);
    for (std::size_t i = 0; i < points; ++i)
      for (int a = 0; a < D; ++a)
        g[i] *= std::pow(static_cast<double>(along(i, a, D, side)) - 0.5 * static_cast<double>(side - 1),
                         static_cast<double>(along(code, a, D, 3)));
    for (int repeat = 0; repeat < 2; ++repeat)
      for (const auto& e : basis) {
        double c = 0;
        for (std::size_t i = 0; i < points; ++i)
          c += e[i] * g[i];
        for (std::size_t i = 0; i < points; ++i)
          g[i] -= c * e[i];
      }
    double norm = 0;
    for (const double v : g)
      norm += v * v;
    for (double& v : g)
      v /= std::sqrt(norm);
    basis.push_back(g);
  }
  double mean = 0;
  for (std::size_t i = 0; i < points; ++i) {
    std::vector<double> row(points, 0.0); // of 1 - H
    row[i] = 1;
    for (const auto& e : basis)
      for (std::size_t j = 0; j < points; ++j)
        row[j] -= e[i] * e[j];
    double v = 0;
    for (std::size_t a = 0; a < points; ++a)
      for (std::size_t b = 0; b < points; ++b)
        v += row[a] * C[a][b] * row[b];
    mean += std::pow(v, q / 2) / static_cast<double>(points);
  }
  return mean;
}

double power_law(Index a, Index b, Index c) {
  const auto k2 = static_cast<double>(a * a + b * b + c * c);
  return k2 > 0 ? std::pow(k2, -1.1) : 0;
}

} // namespace

TEST_CASE("residual variances of a Gaussian field: dense matrices, cells of the grid and cells worked out apart",
          "[mpi]") {
  const auto world = core::Communicator::world();
  const std::vector<double> powers{1, 4};
  struct Size {
    int D;
    Index n;
    Index smallest; ///< side compared
  };
  for (const auto& [D, n, smallest] : {Size{1, 32, 2}, Size{2, 16, 2}, Size{3, 8, 2}}) {
    const core::Decomposition all(core::Domain(D, n), world.size());
    const core::Communicator self = core::Communicator::self();
    const auto moments =
        D == 1 ? solvers::residual_moments(core::Decomposition(core::Domain(D, n), 1), self, power_law, 2, powers)
               : solvers::residual_moments(all, world, power_law, 2, powers);
    for (Index side = n / 2; side >= smallest; side /= 2)
      for (int degree = 0; degree <= 2 && degree + 2 <= side; ++degree)
        for (std::size_t q = 0; q < powers.size(); ++q) {
          INFO("D " << D << " side " << side << " degree " << degree << " q " << powers[q]);
          REQUIRE(moments.mean.contains({side, degree}));
          CHECK(moments.mean.at({side, degree})[q] ==
                Approx(dense_moment(D, n, side, degree, powers[q], power_law)).epsilon(1e-10)); // roundoff
        }
  }
}

TEST_CASE("residual variances: the same bits at any number of ranks", "[mpi]") {
  const auto world = core::Communicator::world();
  const core::Communicator self = core::Communicator::self();
  const core::Domain domain(3, 12);
  const auto here = solvers::residual_moments(core::Decomposition(domain, world.size()), world, power_law, 1, {4});
  const auto alone = solvers::residual_moments(core::Decomposition(domain, 1), self, power_law, 1, {4});
  std::vector<double> difference{0};
  for (const auto& [key, mean] : alone.mean)
    if (here.mean.at(key) != mean)
      difference[0] += 1;
  world.max(difference);
  CHECK(difference[0] == 0);
  CHECK(alone.mean.size() == 4); // sides 6 and 3, degrees 0 and 1
}

TEST_CASE("Gaussian expectations: vectors and oversampling against sums written out") {
  const core::Communicator self = core::Communicator::self();
  constexpr Index n = 8, m = 2;
  solvers::GaussianParameters p;
  p.embedding_dimension = 2;
  p.points = n;
  p.hurst = 0.4;
  p.oversampling = m;
  p.low_cutoff = 1.2;
  for (const char* components : {"scalar", "vector"}) {
    p.components = components;
    const bool vector = p.component_count() > 1;
    const solvers::GaussianExpectation e(p, core::Decomposition(core::Domain(2, n), 1), self, {1, {2, 4}});
    double variance = 0, along = 0, across = 0, energy = 0;
    constexpr Index r = 3, shell = 2;
    for (Index a = -(n * m / 2 - 1); a < n * m / 2; ++a)
      for (Index b = -(n * m / 2 - 1); b < n * m / 2; ++b) {
        const auto k2 = static_cast<double>(a * a + b * b);
        if (k2 < 1.2 * 1.2)
          continue;
        const double P = std::pow(k2, -(0.4 + 1));
        const double increment = 2 * (1 - std::cos(2 * std::numbers::pi * static_cast<double>(b * r) / n));
        const auto kb2 = static_cast<double>(b * b);
        variance += P;
        along += P * increment * (vector ? 2 * (1 - kb2 / k2) : 1); // the separation is along the second axis
        across += P * increment * 2 * (kb2 / k2);                   // 1 - k_a^2/k^2
        const auto seen = [](Index k) {
          const Index f = ((k % n) + n) % n;
          return static_cast<double>(std::min(f, n - f));
        };
        if (std::lround(std::hypot(seen(a), seen(b))) == shell)
          energy += P; // a vector: 2 components, 2/(D/(D-1)) of it left by the projection, and the half of the energy
      }
    const std::vector<double> x{static_cast<double>(r) / n};
    CHECK((*e.increment(vector ? "longitudinal" : "", 2, x, nullptr))[0] == Approx(along / variance));
    CHECK((*e.increment(vector ? "longitudinal" : "", 4, x, nullptr))[0] == Approx(3 * std::pow(along / variance, 2)));
    if (vector)
      CHECK((*e.increment("transverse", 2, x, nullptr))[0] == Approx(across / variance));
    CHECK((*e.spectrum(nullptr))[shell] == Approx(energy / variance));
    const std::vector<double> side{0.25};
    CHECK(e.loss(2, 1, false, side, nullptr).has_value() == true);
    CHECK(e.loss(4, 0, false, side, nullptr).has_value() == !vector);
  }
}

TEST_CASE("Gaussian expectations: the mean of the residual variance is the mean-square loss of the mode sum", "[mpi]") {
  const auto world = core::Communicator::world();
  solvers::GaussianParameters p;
  p.embedding_dimension = 3;
  p.points = 12;
  p.hurst = 0.7;
  p.oversampling = 3;
  const core::Decomposition d(core::Domain(3, 12), world.size());
  // c_q <v^(q/2)> at q = 2.0000001 is the mean-square loss to the same digits.
  const double nearly = 2.0000001;
  const solvers::GaussianExpectation e(p, d, world, {1, {2, nearly}});
  const std::vector<double> sides{0.25, 0.5};
  for (int degree = 0; degree < 2; ++degree)
    for (std::size_t i = 0; i < 2; ++i)
      CHECK((*e.loss(nearly, degree, false, sides, nullptr))[i] ==
            Approx((*e.loss(2, degree, false, sides, nullptr))[i]).epsilon(1e-6));
}
