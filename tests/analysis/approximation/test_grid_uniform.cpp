// Losses on uniform partitions: dense least squares, exact cases, and the same bits at every rank count.

#include "analysis/approximation/grid_approximation.hpp"
#include "tests/analysis/grid_cell_oracle.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace cascade;
using analysis::BlockTable;
using analysis::UniformLoss;
using core::Index;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

analysis::GridApproximationOptions uniform_only(std::vector<int> degrees, std::vector<double> powers) {
  analysis::GridApproximationOptions options;
  options.degrees = std::move(degrees);
  options.loss_powers = std::move(powers);
  options.adaptive = false;
  return options;
}

Index root_of(const core::Domain& domain) {
  return analysis::DyadicGrid(analysis::DyadicGrid::block_layout(domain), 1).side(0);
}

/// Volume and active tables straight from their definition.
UniformLoss expected_loss(const core::RealField& whole, const core::ActiveDepth& depth, const UniformLoss& like) {
  const test::CellOracle oracle(whole, root_of(whole.domain()));
  const auto layout = analysis::DyadicGrid::block_layout(whole.domain());
  UniformLoss result = like;
  for (BlockTable* table : {&result.volume, result.active ? &*result.active : &result.volume})
    for (std::size_t b = 0; b < table->blocks(); ++b) {
      std::fill(table->sum[b].begin(), table->sum[b].end(), 0.0);
      std::fill(table->weight[b].begin(), table->weight[b].end(), 0.0);
    }
  for (std::size_t x = 0; x < like.volume.points(); ++x) {
    const int level = oracle.level_of(like.volume.x[x]);
    for (const auto& cell : oracle.cells(level)) {
      const double loss = oracle.loss(cell, like.degree, like.loss_power);
      const std::size_t block = test::CellOracle::block_of(layout, cell.origin);
      const auto points = static_cast<double>(oracle.points(cell).size());
      result.volume.sum[block][x] += loss;
      result.volume.weight[block][x] += points;
      if (result.active && depth[static_cast<std::size_t>(test::flat(whole.domain(), cell.origin))] > level) {
        result.active->sum[block][x] += loss;
        result.active->weight[block][x] += points;
      }
    }
  }
  return result;
}

void check_close(const BlockTable& found, const BlockTable& expected) {
  CHECK(found.weight == expected.weight);
  double worst = 0;
  for (std::size_t b = 0; b < found.blocks(); ++b)
    for (std::size_t x = 0; x < found.points(); ++x)
      worst = std::max(worst, std::fabs(found.sum[b][x] - expected.sum[b][x]) / (1 + expected.sum[b][x]));
  CHECK(worst < 1000 * epsilon); // values of order one, two different factorisations
}

/// Cumulative binomial measure at the cell centres of a one-dimensional grid of 2^levels points.
double binomial_cumulative(Index i, int levels, double a) {
  double value = 0, weight = 1;
  for (int bit = levels - 1; bit >= 0; --bit) {
    const bool upper = (i >> bit & 1) != 0;
    value += upper ? a * weight : 0.0;
    weight *= upper ? 1 - a : a;
  }
  return value + a * weight; // the centre of the last cell
}

/// A random walk of unit Gaussian steps, the same on every rank; only rank 0 holds points in one dimension.
core::RealField random_walk(Index points, const core::Communicator& comm, std::uint64_t seed) {
  double position = 0;
  return test::make_field(
      core::Decomposition(core::Domain(1, points), comm.size()), comm.rank(), 1,
      [&](int, const core::Index3& i) { return position += test::normal(seed, static_cast<std::uint64_t>(i[2])); });
}

} // namespace

TEST_CASE("Uniform losses equal dense least squares, cell by cell", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  const auto options = uniform_only({0, 1, 2}, {2, 1, 3.5, 4});
  for (const auto& [dimensions, points] :
       std::vector<std::pair<int, Index>>{{1, 256}, {1, 24}, {2, 32}, {2, 24}, {3, 16}, {3, 8}, {3, 12}})
    for (const int components : {1, dimensions}) {
      if (components > 1 && dimensions == 3 && points > 12)
        continue; // the oracle is slow
      const core::Domain domain(dimensions, points);
      const core::Decomposition alone(domain, 1);
      const auto whole = test::noise(alone, 0, components, 11);
      const auto depth = test::make_depth(alone, 0, 0.8, 6);
      const auto serial = analysis::approximate_on_grid(whole, &depth, self, options);
      REQUIRE(serial.uniform.size() == 12);
      if (comm.size() == 1)
        for (const UniformLoss& loss : serial.uniform) {
          const UniformLoss expected = expected_loss(whole, depth, loss);
          check_close(loss.volume, expected.volume);
          check_close(*loss.active, *expected.active);
        }
      for (const auto& grid : test::process_grids(domain, comm.size())) {
        const auto field = test::noise(grid, comm.rank(), components, 11);
        const auto own_depth = test::make_depth(grid, comm.rank(), 0.8, 6);
        const auto found = analysis::approximate_on_grid(field, &own_depth, comm, options);
        for (std::size_t i = 0; i < found.uniform.size(); ++i) {
          CHECK(test::same_bits(found.uniform[i].volume, serial.uniform[i].volume));
          CHECK(test::same_bits(*found.uniform[i].active, *serial.uniform[i].active));
        }
      }
    }
}

TEST_CASE("Uniform losses of an uneven box equal dense least squares in every cell that fits", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  const auto options = uniform_only({0, 1}, {2, 3.5});
  for (const core::Domain& domain : {test::unit_spacing({24, 20, 18}, {true, false, true}),
                                     core::Domain(core::Axes{{64, 4.0}, {48, 1.5}}), test::unit_spacing({31, 29})})
    for (const int components : {1, domain.dimensions()}) {
      CAPTURE(domain.points(0), domain.points(1), domain.points(2), components);
      const auto whole = test::noise(core::Decomposition(domain, 1), 0, components, 12);
      const auto serial = analysis::approximate_on_grid(whole, nullptr, self, options);
      REQUIRE(serial.uniform.size() == 4);
      for (const UniformLoss& loss : serial.uniform) {
        REQUIRE(loss.volume.points() >= 2);
        if (comm.size() == 1)
          check_close(loss.volume, expected_loss(whole, {}, loss).volume);
      }
      for (const auto& grid : test::process_grids(domain, comm.size())) {
        const auto found =
            analysis::approximate_on_grid(test::noise(grid, comm.rank(), components, 12), nullptr, comm, options);
        for (std::size_t i = 0; i < found.uniform.size(); ++i)
          CHECK(test::same_bits(found.uniform[i].volume, serial.uniform[i].volume));
      }
    }
}

TEST_CASE("Levels end where a cell has too few points for its polynomial", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto field = test::noise(core::Decomposition(core::Domain(2, 48), comm.size()), comm.rank(), 1, 2);
  const auto found = analysis::approximate_on_grid(field, nullptr, comm, uniform_only({0, 1, 2}, {2}));
  CHECK(found.uniform[0].volume.x == std::vector<double>{1. / 16, 1. / 8, 1. / 4, 1. / 2}); // 3 points
  CHECK(found.uniform[1].volume.x == std::vector<double>{1. / 16, 1. / 8, 1. / 4, 1. / 2});
  CHECK(found.uniform[2].volume.x == std::vector<double>{1. / 8, 1. / 4, 1. / 2}); // 6 points
  CHECK_FALSE(found.uniform[0].active.has_value());
  CHECK(found.uniform[0].volume.count[0] == 48 * 48);
}

TEST_CASE("Polynomials up to the degree of the fit have no error, the next one has", "[mpi]") {
  const auto comm = core::Communicator::world();
  for (const auto& [dimensions, points] : std::vector<std::pair<int, Index>>{{1, 512}, {2, 64}, {3, 32}})
    for (int power = 0; power <= 3; ++power) {
      const auto field =
          test::make_field(core::Decomposition(core::Domain(dimensions, points), comm.size()), comm.rank(), 1,
                           [&, n = static_cast<double>(points)](int, const core::Index3& i) {
                             const double x = static_cast<double>(i[2]) / n, y = static_cast<double>(i[1]) / n,
                                          z = static_cast<double>(i[0]) / n;
                             const double all = 1 + x - 2 * y + 0.5 * z;
                             return power == 0 ? 3.0 : power == 1 ? all : power == 2 ? all * all : all * all * all;
                           });
      const auto found = analysis::approximate_on_grid(field, nullptr, comm, uniform_only({0, 1, 2}, {2}));
      for (const UniformLoss& loss : found.uniform)
        for (const double mean : loss.volume.mean()) {
          if (power <= loss.degree)
            CHECK(mean < std::pow(1000 * epsilon, 2)); // values up to 16, of which some 50 epsilon are lost
          else
            CHECK(mean > 1e-20); // a third difference of a cubic over four of 512 points, squared, is 1e-17
        }
    }
}

TEST_CASE("The cumulative binomial measure loses .29 a level", "[mpi]") {
  const auto comm = core::Communicator::world();
  const double a = 0.7;
  const int levels = 16;
  const auto field =
      test::make_field(core::Decomposition(core::Domain(1, Index{1} << levels), comm.size()), comm.rank(), 1,
                       [&](int, const core::Index3& i) { return binomial_cumulative(i[2], levels, a); });
  const auto found = analysis::approximate_on_grid(field, nullptr, comm, uniform_only({0}, {2}));
  const auto mean = found.uniform[0].volume.mean();
  // First two moments of the function over a cell of 2^m centres, in units of the cell's measure.
  std::vector<double> first{a}, second{a * a};
  for (int m = 1; m <= levels; ++m) {
    const double m1 = first.back(), m2 = second.back();
    first.push_back((m1 + a) / 2);
    second.push_back((a * a * m2 + a * a + 2 * a * (1 - a) * m1 + (1 - a) * (1 - a) * m2) / 2);
  }
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const int level = static_cast<int>(std::lround(-std::log2(found.uniform[0].volume.x[i])));
    const auto m = static_cast<std::size_t>(levels - level);
    const double variance = second[m] - first[m] * first[m];
    // The function is of order one everywhere, its deviations in a cell are small: their roundoff is absolute.
    CHECK(mean[i] == Approx(variance * std::pow(0.29, level)).epsilon(1e-9));
    if (m > 12)
      CHECK(mean[i] == Approx(0.062113 * std::pow(0.29, level)).epsilon(2e-4)); // continuous limit, docs/theory.md
  }
}

TEST_CASE("White noise keeps the fraction 1 - terms/points of its variance", "[mpi]") {
  const auto comm = core::Communicator::world();
  for (const auto& [dimensions, points] : std::vector<std::pair<int, Index>>{{1, 4096}, {2, 128}, {3, 32}}) {
    const core::Domain domain(dimensions, points);
    const auto field =
        test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1, [&](int, const core::Index3& i) {
          return test::normal(21, static_cast<std::uint64_t>(test::flat(domain, i)));
        });
    const auto found = analysis::approximate_on_grid(field, nullptr, comm, uniform_only({0, 1, 2}, {2, 4}));
    for (const UniformLoss& loss : found.uniform) {
      const auto mean = loss.volume.mean();
      const double terms = loss.degree == 0   ? 1
                           : loss.degree == 1 ? 1 + dimensions
                                              : (1 + dimensions) * (2 + dimensions) / 2.0;
      for (std::size_t i = 0; i < mean.size(); ++i) {
        const double side = static_cast<double>(points) * loss.volume.x[i];
        const double cell = std::pow(side, dimensions), total = static_cast<double>(domain.total_points());
        if (loss.loss_power == 2) { // chi-square with (cell - terms) degrees of freedom a cell: 4 standard errors
          const double freedom = total * (1 - terms / cell);
          CHECK(mean[i] == Approx(1 - terms / cell).epsilon(4 * std::sqrt(2 / freedom)));
        } else if (loss.degree == 0) { // Gaussian of variance v at every point; kurtosis 3, variance of r^4 is 96 v^4
          const double v = 1 - 1 / cell;
          CHECK(mean[i] == Approx(3 * v * v).epsilon(4 * std::sqrt(96.0 / 9 * 2 / total)));
        }
      }
    }
  }
}

TEST_CASE("A Brownian path has the errors of fractional Brownian motion with h = 1/2", "[mpi]") {
  const auto comm = core::Communicator::world();
  const int realisations = 24;
  const auto options = uniform_only({0, 1}, {2});
  std::vector<BlockTable> tables(2);
  for (int r = 0; r < realisations; ++r) {
    const auto field = random_walk(4096, comm, static_cast<std::uint64_t>(100 + r));
    const auto found = analysis::approximate_on_grid(field, nullptr, comm, options);
    for (std::size_t degree = 0; degree < 2; ++degree)
      tables[degree].append(found.uniform[degree].volume.collapsed());
  }
  for (std::size_t degree = 0; degree < 2; ++degree) {
    const auto mean = tables[degree].mean(), error = tables[degree].standard_error();
    double chi = 0, levels = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      const double s = 4096 * tables[degree].x[i];
      // Half the mean of |i - j| over pairs of points; for degree 1 less the mean square of the projection on g_1. In
      // the limit of many points c s with c = 1/6 and 1/15 = .066667 (docs/theory.md section 6).
      const double expected = degree == 0 ? (s * s - 1) / (6 * s) : (s * s - 4) / (15 * s);
      CHECK(mean[i] == Approx(expected).margin(4.5 * error[i]));
      chi += std::pow((mean[i] - expected) / error[i], 2);
      ++levels;
    }
    CHECK(chi / levels < 3);
  }
}
