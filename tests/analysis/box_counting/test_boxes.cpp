// Box counting: sets of known dimension, brute force on any tree, and the same bits at every rank count.

#include "analysis/box_counting/boxes.hpp"
#include "analysis/box_counting/gliding_boxes.hpp"
#include "analysis/sums/grid_blocks.hpp"
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
    core::ActiveDepth depth;
    test::make_field(decomposition, comm.rank(), 1, [&, l = levels, k = kept](int, const core::Index3& i) {
      depth.push_back(static_cast<std::uint8_t>(1 + kept_levels(domain, i, l, k)));
      return 0.0;
    });
    const BlockTable active = analysis::count_active_boxes(depth, decomposition, comm);
    REQUIRE(active.points() == static_cast<std::size_t>(levels) + 1);
    for (int l = 0; l <= levels; ++l) {
      const auto at = static_cast<std::size_t>(levels - l);
      CHECK(active.x[at] == std::ldexp(1.0, -l));
      CHECK(active.mean()[at] == Approx(std::pow(kept, l)).epsilon(1e-12));
      CHECK(active.count[at] == Approx(std::pow(kept, l)).epsilon(1e-12));
    }
  }
}

TEST_CASE("A cube is one root, or as much of it as has many halvings; any other box is tiled by cubes") {
  using analysis::DyadicGrid;
  struct Cube {
    int dimensions;
    Index points, root, per_side;
  };
  for (const auto& [dimensions, points, root, per_side] :
       {Cube{3, 256, 256, 4}, Cube{3, 96, 96, 4}, Cube{3, 6, 6, 2}, Cube{3, 7, 7, 1}, Cube{2, 17, 17, 1},
        Cube{1, 99999, 98304, 64}, Cube{1, 65536, 65536, 64}}) {
    const auto layout = DyadicGrid::block_layout(core::Domain(dimensions, points));
    CHECK(layout.along(2) == per_side);
    CHECK(DyadicGrid(layout, 1).roots() == 1);
    CHECK(DyadicGrid(layout, 1).side(0) == root);
    CHECK(DyadicGrid(layout, 1).length(1) ==
          Approx(0.5 * static_cast<double>(root) / static_cast<double>(points)).epsilon(1e-15));
  }
  struct Case {
    std::vector<Index> points;
    Index root;
    int levels;
    double covered;
  };
  for (const auto& [points, root, levels, covered] :
       {Case{{64, 32, 16}, 16, 5, 1}, Case{{1000, 600}, 192, 7, 0.96 * 0.96},
        Case{{31, 29}, 28, 3, 28. * 28 / (31 * 29)}, Case{{24, 20, 18}, 8, 4, 24. * 16 * 16 / (24 * 20 * 18)},
        Case{{32, 3}, 2, 2, 2. / 3}, Case{{1000}, 192, 7, 0.96}, Case{{300, 300}, 96, 6, 0.96 * 0.96},
        Case{{80, 80, 80}, 16, 5, 1}}) {
    const core::Domain domain = test::unit_spacing(points);
    const auto layout = DyadicGrid::block_layout(domain);
    const DyadicGrid grid(layout, 1);
    CHECK(grid.side(0) == root);
    CHECK(grid.levels() == levels);
    CHECK(grid.length(levels - 1) == Approx(static_cast<double>(root >> (levels - 1))).epsilon(1e-14));
    CHECK(static_cast<double>(layout.covered_points()) ==
          Approx(covered * static_cast<double>(domain.total_points())).epsilon(1e-14));
    CHECK(grid.roots() * grid.points_per_cell(0) == layout.covered_points());
  }
  CHECK_THROWS_WITH(DyadicGrid::block_layout(test::unit_spacing({512, 512, 4})),
                    Catch::Contains("axis x has 4 points"));
}

TEST_CASE("A line, a sheet and all of an uneven box are counted with their own dimensions", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain = test::unit_spacing({64, 32, 16}, {true, false, true});
  for (const int dimension : {1, 2, 3}) {
    const auto set =
        test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1, [&](int, const core::Index3& i) {
          const bool here = (dimension > 2 || i[2] == 5) && (dimension > 1 || i[1] == 9);
          return here ? 1.0 : 0.0;
        });
    const auto found = analysis::count_threshold_boxes(set, 0.5, comm);
    REQUIRE(found.points() == 12); // 1 to 16, four an octave from 4 on
    const std::array<double, 3> extents{64, 32, 16};
    for (std::size_t x = 0; x < found.points(); ++x) {
      if (dimension == 1 && found.x[x] > 9)
        continue; // boxes that the border cuts hold the line as parts of a box
      double expected = 1;
      for (std::size_t a = 0; a < static_cast<std::size_t>(dimension); ++a)
        expected *= extents[a] / found.x[x];
      CHECK(found.mean()[x] == Approx(expected).epsilon(1e-12));
    }
  }
  const core::ActiveDepth depth(
      static_cast<std::size_t>(core::Decomposition(domain, comm.size()).real_box(comm.rank()).size()), 1);
  CHECK_THROWS_WITH(analysis::count_active_boxes(depth, core::Decomposition(domain, comm.size()), comm),
                    Catch::Contains("needs a cube: axis z"));
}

TEST_CASE("Boxes of a random tree are counted block by block", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  for (const auto& [dimensions, points] :
       std::vector<std::pair<int, Index>>{{1, 192}, {2, 48}, {3, 16}, {3, 12}, {2, 9}}) {
    const core::Domain domain(dimensions, points);
    const core::Decomposition alone(domain, 1);
    const auto depth = test::make_depth(alone, 0, 0.7, 5);
    const auto serial = analysis::count_active_boxes(depth, alone, self);
    const auto layout = analysis::DyadicGrid::block_layout(domain);
    const test::CellOracle oracle(test::noise(alone, 0, 1, 4));
    for (std::size_t x = 0; x < serial.points(); ++x) {
      const int level = static_cast<int>(std::lround(-std::log2(serial.x[x])));
      std::vector<double> active(serial.blocks(), 0.0);
      for (const auto& cell : oracle.cells(level)) {
        bool alive = false;
        const auto all = oracle.points(cell);
        for (const core::Index3& p : all)
          alive = alive || depth[static_cast<std::size_t>(test::flat(domain, p))] > level;
        for (const core::Index3& p : all)
          active[test::CellOracle::block_of(layout, p)] += alive ? 1 / static_cast<double>(all.size()) : 0;
      }
      for (std::size_t b = 0; b < serial.blocks(); ++b)
        CHECK(serial.sum[b][x] == Approx(active[b]).epsilon(1e-12));
    }
    for (const auto& grid : test::process_grids(domain, comm.size()))
      CHECK(test::same_bits(analysis::count_active_boxes(test::make_depth(grid, comm.rank(), 0.7, 5), grid, comm),
                            serial));
  }
}

namespace {

/// A box along one axis: its points, what it counts for, and its middle.
struct AxisBox {
  std::vector<Index> points;
  double weight;
  Index middle;
};

/// The boxes along an axis from one origin. Periodic: whole ones, as many as n/s; else cut by the border, as the part
/// inside if the set goes on to it.
std::vector<AxisBox> axis_boxes(const core::Domain& domain, int axis, Index side, Index origin, bool reaches) {
  const Index n = domain.points(axis);
  if (axis < domain.first_axis())
    return {{{0}, 1, 0}};
  std::vector<AxisBox> boxes;
  const bool periodic = domain.periodic(axis);
  for (Index first = periodic ? origin : origin - side; periodic ? first + side <= origin + n : first < n;
       first += side) {
    AxisBox box{{}, 0, 0};
    for (Index i = first; i < first + side; ++i)
      if (periodic || (i >= 0 && i < n))
        box.points.push_back(i % n);
    box.weight = periodic  ? static_cast<double>(n) / static_cast<double>(side) / static_cast<double>(n / side)
                 : reaches ? static_cast<double>(box.points.size()) / static_cast<double>(side)
                           : 1;
    box.middle = periodic ? (first + side / 2) % n : std::clamp<Index>(first + side / 2, 0, n - 1);
    if (!box.points.empty())
      boxes.push_back(box);
  }
  return boxes;
}

/// Boxes of one side that hold a point of the set, by block: one at a time, point by point.
std::vector<double> boxes_one_by_one(const core::Domain& domain, const std::vector<bool>& set, Index side,
                                     bool reaches) {
  const analysis::GridBlocks blocks(domain);
  std::vector<double> sum(static_cast<std::size_t>(blocks.count()), 0.0);
  const auto origins = analysis::box_origins(domain, side);
  const Index last = domain.periodic(2) ? domain.points(2) : side; // origins along axis 2: all
  for (const auto& origin : origins)
    for (Index third = 0; third < last; ++third)
      for (const AxisBox& a : axis_boxes(domain, 0, side, origin[0], reaches))
        for (const AxisBox& b : axis_boxes(domain, 1, side, origin[1], reaches))
          for (const AxisBox& c : axis_boxes(domain, 2, side, third, reaches)) {
            bool meets = false;
            for (const Index i : a.points)
              for (const Index j : b.points)
                for (const Index k : c.points)
                  meets = meets || set[static_cast<std::size_t>(test::flat(domain, {i, j, k}))];
            const int block = blocks.number(blocks.containing(0, a.middle), blocks.containing(1, b.middle),
                                            blocks.containing(2, c.middle));
            if (meets)
              sum[static_cast<std::size_t>(block)] +=
                  a.weight * b.weight * c.weight / static_cast<double>(origins.size()) / static_cast<double>(last);
          }
  return sum;
}

} // namespace

TEST_CASE("Boxes anywhere are counted one by one", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  const std::vector<core::Domain> domains{
      core::Domain(1, 128),
      test::unit_spacing({101}, {false}),
      core::Domain(2, 16),
      test::unit_spacing({41, 23}, {false, true}),
      test::unit_spacing({24, 70}, {true, false}),
      core::Domain(3, 8),
      test::unit_spacing({9, 11, 13}, {true, false, true}),
      test::unit_spacing({12, 9, 10}, {false, true, false}),
  };
  for (const core::Domain& domain : domains)
    for (const bool reaches : {true, false}) {
      const auto values = [&](const core::Decomposition& grid, int rank) { // all of the box, or its middle alone
        auto field = test::noise(grid, rank, domain.dimensions(), 4);
        const core::Box& box = field.box();
        for (int c = 0; c < field.components(); ++c)
          for (Index i = 0; !reaches && !box.empty() && i < box.extent(0); ++i)
            for (Index j = 0; j < box.extent(1); ++j)
              for (Index k = 0; k < box.extent(2); ++k) {
                const core::Index3 at{i + box.begin[0], j + box.begin[1], k};
                for (int axis = domain.first_axis(); axis < 3; ++axis)
                  if (const Index p = at[static_cast<std::size_t>(axis)]; p < 2 || p >= domain.points(axis) - 2)
                    field.line(c, i, j)[static_cast<std::size_t>(k)] = 0;
              }
        return field;
      };
      const core::RealField field = values(core::Decomposition(domain, 1), 0);
      const auto found = analysis::count_threshold_boxes(field, 1.3, self);
      double square = 0;
      std::vector<double> norm(static_cast<std::size_t>(domain.total_points()), 0.0);
      for (int c = 0; c < domain.dimensions(); ++c)
        for (std::size_t i = 0; i < norm.size(); ++i)
          norm[i] += field.component(c)[i] * field.component(c)[i];
      for (const double value : norm)
        square += value / static_cast<double>(norm.size());
      std::vector<bool> set;
      for (const double value : norm)
        set.push_back(std::sqrt(value) > 1.3 * std::sqrt(square));
      REQUIRE(std::count(set.begin(), set.end(), true) > 3);
      REQUIRE(std::count(set.begin(), set.end(), true) < static_cast<std::ptrdiff_t>(set.size()) / 2);
      const std::vector<Index> sides = analysis::box_sides(128);
      REQUIRE(found.points() >= 8);
      for (std::size_t x = 0; x < found.points(); ++x) {
        INFO("side " << sides[x]);
        CHECK(found.x[x] == Approx(static_cast<double>(sides[x]) * domain.spacing(2)).epsilon(1e-14));
        const std::vector<double> wanted = boxes_one_by_one(domain, set, sides[x], reaches);
        for (std::size_t b = 0; b < wanted.size(); ++b)
          CHECK(found.sum[b][x] == Approx(wanted[b]).epsilon(1e-12).margin(1e-12));
      }
      for (const auto& grid : test::process_grids(domain, comm.size()))
        CHECK(test::same_bits(analysis::count_threshold_boxes(values(grid, comm.rank()), 1.3, comm), found));
    }
}
