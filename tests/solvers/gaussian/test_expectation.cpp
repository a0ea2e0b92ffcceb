// The theory of cell errors against ensembles of the generator's own fields: 400 realisations, four standard errors.
#include "solvers/gaussian/gaussian.hpp"
#include "theory/gaussian/gaussian_covariance.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace cascade;
using namespace cascade::core;

namespace {

/// Mean-square residual of degree 0 or 1 on aligned cells of s points a side; a D-dimensional field of n points a side.
double cell_error(std::span<const double> field, int dimensions, Index n, Index s, int degree) {
  const auto at = [&](Index i, Index j, Index k) { return field[static_cast<std::size_t>((i * n + j) * n + k)]; };
  const Index n0 = dimensions > 2 ? n : 1, n1 = dimensions > 1 ? n : 1;
  const Index s0 = dimensions > 2 ? s : 1, s1 = dimensions > 1 ? s : 1;
  const auto centred = [](Index i, Index side) { return static_cast<double>(i) - 0.5 * static_cast<double>(side - 1); };
  const auto points = static_cast<double>(s0 * s1 * s);
  const double variance = static_cast<double>(s * s - 1) / 12;
  double total = 0;
  for (Index a = 0; a < n0; a += s0)
    for (Index b = 0; b < n1; b += s1)
      for (Index c = 0; c < n; c += s) {
        double mean = 0, square = 0;
        std::array<double, 3> slope{};
        for (Index i = 0; i < s0; ++i)
          for (Index j = 0; j < s1; ++j)
            for (Index k = 0; k < s; ++k) {
              const double value = at(a + i, b + j, c + k);
              mean += value / points;
              square += value * value / points;
              slope[0] += value * centred(i, s0) / points;
              slope[1] += value * centred(j, s1) / points;
              slope[2] += value * centred(k, s) / points;
            }
        total += square - mean * mean;
        for (const double v : slope)
          total -= degree > 0 ? v * v / variance : 0;
      }
  return total * points / static_cast<double>(field.size());
}

struct Case {
  solvers::GaussianParameters parameters;
  std::vector<Index> sides;
};

Case make_case(int dimensions, Index points, double hurst, std::int64_t oversampling, std::vector<Index> sides) {
  Case c;
  c.parameters.embedding_dimension = dimensions;
  c.parameters.points = points;
  c.parameters.hurst = hurst;
  c.parameters.oversampling = oversampling;
  c.sides = std::move(sides);
  return c;
}

} // namespace

TEST_CASE("Cell errors of Gaussian fields: mean, scatter and correlation between scales as theory says", "[slow]") {
  const Communicator self = Communicator::self();
  for (const Case& c : {make_case(1, 512, 1.0 / 3, 1, {4, 16, 64}), make_case(2, 32, 0.5, 1, {2, 4, 8}),
                        make_case(2, 16, 0.2, 2, {4, 8}), make_case(3, 16, 0.3, 1, {4, 8})}) {
    const int D = static_cast<int>(c.parameters.embedding_dimension);
    const Index n = *c.parameters.points;
    const double h = c.parameters.hurst;
    const theory::PowerLawBand band(D, n, {}, {}, c.parameters.oversampling);
    const solvers::Gaussian generator(c.parameters, 9);
    constexpr int realisations = 400;
    for (int degree = 0; degree <= 1; ++degree) {
      const std::vector<std::int64_t> sides(c.sides.begin(), c.sides.end());
      const auto covariance = theory::cell_error_covariance(band, sides, degree, h);
      std::vector<std::vector<double>> measured(c.sides.size());
      for (int r = 0; r < realisations; ++r) {
        const GridSample sample = generator.sample(Decomposition(Domain(D, n), 1), self, static_cast<std::uint64_t>(r));
        for (std::size_t i = 0; i < c.sides.size(); ++i)
          measured[i].push_back(cell_error(sample.field.component(0), D, n, c.sides[i], degree));
      }
      const double unit = 1 / band.variance(h);
      std::vector<double> mean(c.sides.size(), 0.0);
      for (std::size_t i = 0; i < c.sides.size(); ++i)
        for (const double v : measured[i])
          mean[i] += v / realisations;
      for (std::size_t i = 0; i < c.sides.size(); ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
          double sum = 0;
          for (std::size_t r = 0; r < realisations; ++r)
            sum += (measured[i][r] - mean[i]) * (measured[j][r] - mean[j]) / (realisations - 1);
          const double expected = unit * unit * covariance[i][j];
          // Sampling error of a covariance of normals, and 8% for the sums left out; five of them, as the tails of a
          // sum of few large squares are wider than normal.
          const double error =
              unit * unit *
              std::sqrt((covariance[i][i] * covariance[j][j] + covariance[i][j] * covariance[i][j]) / realisations);
          CAPTURE(D, degree, c.sides[i], c.sides[j], sum, expected, error);
          CHECK(std::abs(sum - expected) < 5 * error + 0.08 * std::abs(expected));
        }
        const double expected = unit * band.expectation(band.cell_error(c.sides[i], degree), h);
        const double error = unit * std::sqrt(covariance[i][i] / realisations);
        CAPTURE(D, degree, c.sides[i], mean[i], expected, error);
        CHECK(std::abs(mean[i] - expected) < 4 * error);
      }
    }
  }
}
