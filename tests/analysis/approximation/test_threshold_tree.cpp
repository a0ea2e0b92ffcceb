// Adaptive partitions: recursion on small grids, conservation, and a known exponent.

#include "analysis/approximation/grid_approximation.hpp"
#include "tests/analysis/grid_cell_oracle.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <queue>

using namespace cascade;
using analysis::ThresholdTree;
using core::Index;

namespace {

analysis::GridApproximationOptions adaptive_only(std::vector<int> degrees, std::vector<double> powers) {
  analysis::GridApproximationOptions options;
  options.degrees = std::move(degrees);
  options.loss_powers = std::move(powers);
  options.uniform = false;
  return options;
}

/// Leaves and their errors by block, found by recursion for one threshold.
struct Partition {
  std::vector<double> pieces, loss;
  double volume = 0, unresolved = 0, finest = 0, total = 0;
};

void refine(const test::CellOracle& oracle, const core::BlockLayout& layout, const test::OracleCell& cell, int degree,
            double power, double tau, int smallest, Partition& result) {
  const auto all = oracle.points(cell);
  const auto n = static_cast<double>(layout.covered_points());
  const double error = oracle.loss(cell, degree, power) / n;
  if (error > tau && cell.level < smallest) {
    for (const auto& child : oracle.children(cell))
      refine(oracle, layout, child, degree, power, tau, smallest, result);
    return;
  }
  for (const core::Index3& p : all) { // by points: whatever the sizes of cell and block
    const std::size_t block = test::CellOracle::block_of(layout, p);
    result.pieces[block] += 1 / static_cast<double>(all.size());
    result.loss[block] += error / static_cast<double>(all.size());
  }
  result.total += 1;
  result.volume += static_cast<double>(all.size()) / n;
  result.finest += cell.level == smallest ? 1 : 0;
  result.unresolved += cell.level == smallest && error > tau ? 1 : 0;
}

/// A rough field with quiet regions: noise whose strength depends on the place.
core::RealField patchy(const core::Decomposition& decomposition, int rank, int components) {
  const double n = static_cast<double>(decomposition.domain().points(2));
  return test::make_field(decomposition, rank, components, [&](int c, const core::Index3& i) {
    const auto index = static_cast<std::uint64_t>(test::flat(decomposition.domain(), i));
    const double x = static_cast<double>(i[2]) / n;
    return std::exp(-8 * x) * test::normal(31, index, static_cast<std::uint32_t>(c)) + 2 * x * x;
  });
}

double slope(const std::vector<double>& x, const std::vector<double>& y, std::size_t first, std::size_t last) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double u = std::log(x[i]), v = std::log(y[i]);
    n += 1, sx += u, sy += v, sxx += u * u, sxy += u * v;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

} // namespace

TEST_CASE("Threshold trees equal the recursion they stand for", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  std::vector<core::Domain> domains{test::unit_spacing({18, 16, 8}, {true, false, true}), test::unit_spacing({48, 20})};
  for (const auto& [dimensions, points] :
       std::vector<std::pair<int, Index>>{{1, 256}, {1, 32}, {2, 32}, {2, 24}, {3, 16}, {3, 8}})
    domains.emplace_back(dimensions, points);
  for (const core::Domain& domain : domains)
    for (const int components : {1, domain.dimensions()}) {
      if (components > 1 && domain.dimensions() == 3 && domain.points(2) > 8)
        continue;
      const auto whole = patchy(core::Decomposition(domain, 1), 0, components);
      auto options = adaptive_only({0, 1, 2}, {2, 1, 4});
      options.thresholds.thresholds = {1e-7, 2e-4, 1e-2};
      for (const int degree : {0, 2})
        for (const double q : options.loss_powers)
          options.thresholds.given[{degree, q}] = {1e-9, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 1e-2, 1e-2 * q, 10};
      const auto serial = analysis::approximate_on_grid(whole, nullptr, self, options);
      const auto layout = analysis::DyadicGrid::block_layout(domain);
      const test::CellOracle oracle(whole, analysis::DyadicGrid(layout, 1).side(0));
      for (const ThresholdTree& tree : serial.adaptive) {
        if (comm.size() > 1)
          break; // the serial answer is checked once
        const int smallest = analysis::DyadicGrid(layout, std::max(2, tree.degree + 2)).levels() - 1;
        for (std::size_t t = 0; t < tree.pieces.points(); ++t) {
          const auto blocks = static_cast<std::size_t>(layout.blocks());
          Partition expected{std::vector<double>(blocks, 0.0), std::vector<double>(blocks, 0.0)};
          for (const auto& root : oracle.cells(0))
            refine(oracle, layout, root, tree.degree, tree.loss_power, tree.pieces.x[t], smallest, expected);
          CHECK(expected.volume == Approx(1).epsilon(1e-12));
          CHECK(tree.pieces.mean()[t] == Approx(expected.total).epsilon(1e-12));
          CHECK(tree.unresolved[t] == Approx(expected.unresolved / expected.total).margin(1e-12));
          CHECK(tree.finest[t] == Approx(expected.finest / expected.total).margin(1e-12));
          double worst = 0;
          for (std::size_t b = 0; b < blocks; ++b) {
            worst = std::max(worst, std::fabs(tree.pieces.sum[b][t] - expected.pieces[b]));
            worst = std::max(worst, std::fabs(tree.loss.sum[b][t] - expected.loss[b]));
          }
          CHECK(worst < 1e-10); // counts up to hundreds
        }
      }
      for (const auto& grid : test::process_grids(domain, comm.size())) {
        const auto found = analysis::approximate_on_grid(patchy(grid, comm.rank(), components), nullptr, comm, options);
        for (std::size_t i = 0; i < found.adaptive.size(); ++i) {
          CHECK(test::same_bits(found.adaptive[i].pieces, serial.adaptive[i].pieces));
          CHECK(test::same_bits(found.adaptive[i].loss, serial.adaptive[i].loss));
          CHECK(found.adaptive[i].unresolved == serial.adaptive[i].unresolved);
          CHECK(found.adaptive[i].finest == serial.adaptive[i].finest);
        }
      }
    }
}

TEST_CASE("Every cut adds 2^D - 1 pieces and never raises the mean-square loss", "[mpi]") {
  const auto comm = core::Communicator::world();
  for (const auto& [dimensions, points] : std::vector<std::pair<int, Index>>{{1, 4096}, {2, 64}, {3, 32}}) {
    const auto field = patchy(core::Decomposition(core::Domain(dimensions, points), comm.size()), comm.rank(), 1);
    auto options = adaptive_only({0, 1}, {2, 4});
    options.thresholds.most_unresolved = 1; // all of them
    options.thresholds.wanted = 1 << 20;
    const auto found = analysis::approximate_on_grid(field, nullptr, comm, options);
    for (const ThresholdTree& tree : found.adaptive) {
      const auto n = tree.pieces.mean(), loss = tree.loss.mean();
      const double cut = std::pow(2, dimensions) - 1;
      REQUIRE(n.size() > 20);
      for (std::size_t t = 0; t < n.size(); ++t) {
        const double cuts = (n[t] - 1) / cut;
        CHECK(cuts == Approx(std::round(cuts)).margin(1e-9));
        CHECK(cuts > 0.5); // every threshold below the error of the whole box cuts at least once
        if (t > 0) {
          CHECK(n[t] <= n[t - 1] * (1 + 1e-12));
          if (tree.loss_power == 2) // the polynomials are the least-squares ones
            CHECK(loss[t] >= loss[t - 1] * (1 - 1e-12));
        }
        if (tree.unresolved[t] == 0)
          CHECK(loss[t] <= n[t] * tree.pieces.x[t]);
      }
      // Below every error all cells are the smallest ones.
      const double smallest = tree.degree == 0 ? 2 : 4;
      CHECK(n.front() == Approx(std::pow(static_cast<double>(points) / smallest, dimensions)).epsilon(1e-12));
      CHECK(tree.finest.front() == 1);
    }
  }
}

TEST_CASE("Best-first refinement runs along the curve of the threshold tree") {
  // Always the leaf of largest error is cut. While a leaf is above tau something above tau is cut: the first partition
  // without one is that of the threshold, and between two thresholds the loss lies between theirs.
  for (const auto& [dimensions, points] : std::vector<std::pair<int, Index>>{{1, 1024}, {2, 64}, {3, 16}}) {
    const core::Domain domain(dimensions, points);
    const auto field = patchy(core::Decomposition(domain, 1), 0, 1);
    for (const int degree : {0, 1}) {
      const auto options = adaptive_only({degree}, {2});
      const auto found = analysis::approximate_on_grid(field, nullptr, core::Communicator::self(), options);
      const ThresholdTree& tree = found.adaptive[0];
      const auto n = tree.pieces.mean(), loss = tree.loss.mean();
      REQUIRE(n.size() >= 3);
      const test::CellOracle oracle(field);
      const int last =
          analysis::DyadicGrid(analysis::DyadicGrid::block_layout(domain), degree == 0 ? 2 : 4).levels() - 1;
      const double volume = std::pow(static_cast<double>(points), dimensions);
      const auto error = [&](const test::OracleCell& cell) { return oracle.loss(cell, degree, 2) / volume; };
      using Leaf = std::pair<double, test::OracleCell>;
      const auto smaller = [](const Leaf& a, const Leaf& b) { return a.first < b.first; };
      std::priority_queue<Leaf, std::vector<Leaf>, decltype(smaller)> leaves(smaller);
      const test::OracleCell box = oracle.cells(0).front();
      leaves.emplace(error(box), box);
      double pieces = 1, total = leaves.top().first;
      std::size_t next = n.size(), met = 0; // thresholds ascend
      while (next > 0) {
        while (next > 0 && leaves.top().first <= tree.pieces.x[next - 1]) {
          --next;
          if (tree.unresolved[next] > 0)
            continue; // the grid ended: neither can go on
          CAPTURE(dimensions, degree, tree.pieces.x[next]);
          CHECK(pieces == Approx(n[next]).epsilon(1e-12));
          CHECK(total == Approx(loss[next]).epsilon(1e-9));
          ++met;
        }
        if (next == 0)
          break;
        const auto [largest, cell] = leaves.top();
        if (cell.level == last)
          break;
        leaves.pop();
        total -= largest;
        for (const auto& child : oracle.children(cell)) {
          leaves.emplace(error(child), child);
          total += error(child);
        }
        pieces += std::pow(2, dimensions) - 1;
        if (next < n.size()) {
          CHECK(pieces <= n[next - 1] * (1 + 1e-12));
          CHECK(total >= loss[next - 1] * (1 - 1e-9));
          CHECK(total <= loss[next] * (1 + 1e-9));
        }
      }
      CHECK(met >= 3);
    }
  }
}

TEST_CASE("Thresholds are chosen where the grid resolves them", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain(2, 128);
  const auto field = patchy(core::Decomposition(domain, comm.size()), comm.rank(), 1);
  const auto found = analysis::approximate_on_grid(field, nullptr, comm, adaptive_only({0}, {2}));
  const ThresholdTree& tree = found.adaptive[0];
  for (const double fraction : tree.unresolved)
    CHECK(fraction <= 0.01);
  CHECK(tree.pieces.points() > 5);
  CHECK(tree.pieces.points() < 60);
  const auto constant = test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1,
                                         [](int, const core::Index3&) { return 0.0; });
  CHECK(analysis::approximate_on_grid(constant, nullptr, comm, adaptive_only({0}, {2})).adaptive[0].pieces.points() ==
        0);
  auto bad = adaptive_only({0}, {2});
  bad.thresholds.given[{0, 2.0}] = {1, 0.5};
  CHECK_THROWS_AS(analysis::approximate_on_grid(constant, nullptr, comm, bad), std::invalid_argument);
}

TEST_CASE("The binomial measure is refined with its own exponent", "[mpi]") {
  const auto comm = core::Communicator::world();
  const double a = 0.7;
  const int levels = 20;
  const auto field = test::make_field(core::Decomposition(core::Domain(1, Index{1} << levels), comm.size()),
                                      comm.rank(), 1, [&](int, const core::Index3& i) {
                                        double value = 0, weight = 1;
                                        for (int bit = levels - 1; bit >= 0; --bit) {
                                          const bool upper = (i[2] >> bit & 1) != 0;
                                          value += upper ? a * weight : 0.0;
                                          weight *= upper ? 1 - a : a;
                                        }
                                        return value + a * weight;
                                      });
  const auto found = analysis::approximate_on_grid(field, nullptr, comm, adaptive_only({0}, {2}));
  const ThresholdTree& tree = found.adaptive[0];
  const auto n = tree.pieces.mean(), loss = tree.loss.mean();
  std::size_t last = n.size();
  while (last > 0 && n[last - 1] < 32) // the first few cuts are not yet a power law
    --last;
  REQUIRE(last > 10);
  // docs/theory.md section 6: 2.08578 for N -> infinity; the corrections fall off like 1/log N with ripples of a few
  // per mille: two decades of N leave .01.
  CHECK(-slope(n, loss, 0, last) == Approx(2.08578).margin(0.01));
  CHECK(n.front() / 32 > 100);
}
