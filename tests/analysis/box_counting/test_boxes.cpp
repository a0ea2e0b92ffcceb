// Box counting: sets of known dimension, brute force on any tree, and the same bits at every rank count.

#include "analysis/box_counting/boxes.hpp"
#include "tests/analysis/grid_cell_oracle.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using analysis::BlockTable;
using core::Index;

namespace {

/// Does every binary digit triple of i belong to the first `kept` children? Counts consecutive kept levels from the
/// top.
int kept_levels(const core::Domain& domain, const core::Index3& i, int levels, int kept) {
  for (int level = 0; level < levels; ++level) {
    int child = 0;
    for (int a = domain.first_axis(); a < 3; ++a)
      child = 2 * child + static_cast<int>(i[static_cast<std::size_t>(a)] >> (levels - 1 - level) & 1);
    if (child >= kept)
      return level;
  }
  return levels;
}

} // namespace

TEST_CASE("Self-similar sets have kept^l boxes of level l", "[mpi]") {
  const auto comm = core::Communicator::world();
  struct Case {
    int dimensions, levels, kept;
  };
  for (const auto& [dimensions, levels, kept] :
       {Case{1, 9, 2}, Case{1, 9, 1}, Case{2, 6, 3}, Case{3, 5, 5}, Case{3, 5, 7}}) {
    const core::Domain domain(dimensions, Index{1} << levels);
    const core::Decomposition decomposition(domain, comm.size());
    const auto set =
        test::make_field(decomposition, comm.rank(), 1, [&, l = levels, k = kept](int, const core::Index3& i) {
          return kept_levels(domain, i, l, k) == l ? 1.0 : 0.01;
        });
    core::ActiveDepth depth;
    test::make_field(decomposition, comm.rank(), 1, [&, l = levels, k = kept](int, const core::Index3& i) {
      depth.push_back(static_cast<std::uint8_t>(1 + kept_levels(domain, i, l, k)));
      return 0.0;
    });
    const BlockTable active = analysis::count_active_boxes(depth, decomposition, comm);
    const BlockTable threshold = analysis::count_threshold_boxes(set, 0.5, comm);
    for (const BlockTable* table : {&active, &threshold}) {
      REQUIRE(table->points() == static_cast<std::size_t>(levels) + 1);
      for (int l = 0; l <= levels; ++l) {
        const auto at = static_cast<std::size_t>(levels - l);
        CHECK(table->x[at] == std::ldexp(1.0, -l));
        CHECK(table->mean()[at] == Approx(std::pow(kept, l)).epsilon(1e-12));
        CHECK(table->count[at] == Approx(std::pow(kept, l)).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("Boxes of a random tree are counted block by block", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  for (const auto& [dimensions, points] :
       std::vector<std::pair<int, Index>>{{1, 192}, {2, 48}, {3, 16}, {3, 12}, {2, 9}}) {
    const core::Domain domain(dimensions, points);
    const core::Decomposition alone(domain, 1);
    const auto depth = test::make_depth(alone, 0, 0.7, 5);
    const auto whole = test::noise(alone, 0, dimensions, 4);
    const auto serial = analysis::count_active_boxes(depth, alone, self);
    const auto serial_set = analysis::count_threshold_boxes(whole, 2, self);

    const auto layout = analysis::DyadicGrid::block_layout(domain);
    const test::CellOracle oracle(whole);
    double square = 0;
    for (int c = 0; c < dimensions; ++c)
      for (const double value : whole.component(c))
        square += value * value / static_cast<double>(domain.total_points());
    for (std::size_t x = 0; x < serial.points(); ++x) {
      const int level = static_cast<int>(std::lround(-std::log2(serial.x[x])));
      std::vector<double> active(serial.blocks(), 0.0), set = active;
      for (const auto& cell : oracle.cells(level)) {
        bool alive = false, meets = false;
        const auto all = oracle.points(cell);
        for (const core::Index3& p : all) {
          const auto at = static_cast<std::size_t>(test::flat(domain, p));
          double norm = 0;
          for (int c = 0; c < dimensions; ++c)
            norm += whole.component(c)[at] * whole.component(c)[at];
          alive = alive || depth[at] > level;
          meets = meets || std::sqrt(norm) > 2 * std::sqrt(square);
        }
        for (const core::Index3& p : all) {
          const std::size_t block = test::CellOracle::block_of(layout, p);
          active[block] += alive ? 1 / static_cast<double>(all.size()) : 0;
          set[block] += meets ? 1 / static_cast<double>(all.size()) : 0;
        }
      }
      for (std::size_t b = 0; b < serial.blocks(); ++b) {
        CHECK(serial.sum[b][x] == Approx(active[b]).epsilon(1e-12));
        CHECK(serial_set.sum[b][x] == Approx(set[b]).epsilon(1e-12));
      }
    }
    for (const auto& grid : test::process_grids(domain, comm.size())) {
      CHECK(test::same_bits(analysis::count_active_boxes(test::make_depth(grid, comm.rank(), 0.7, 5), grid, comm),
                            serial));
      CHECK(test::same_bits(analysis::count_threshold_boxes(test::noise(grid, comm.rank(), dimensions, 4), 2, comm),
                            serial_set));
    }
  }
}
