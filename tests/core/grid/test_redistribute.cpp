// Laws with no tolerance: values move, they do not change.
#include "core/grid/redistribute.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

using namespace cascade::core;

namespace {

double label(const Domain& domain, Index3 x, int component = 0) {
  return static_cast<double>(((component * domain.points(0) + x[0]) * domain.points(1) + x[1]) * domain.points(2) +
                             x[2]);
}

std::uint8_t small_label(const Domain& domain, Index3 x) {
  return static_cast<std::uint8_t>(static_cast<Index>(label(domain, x)) * 37 % 251);
}

template <class Visit>
void for_each_point(const Box& box, Visit visit) {
  std::size_t at = 0;
  for (Index a = box.begin[0]; a < box.end[0]; ++a)
    for (Index b = box.begin[1]; b < box.end[1]; ++b)
      for (Index c = box.begin[2]; c < box.end[2]; ++c)
        visit(Index3{a, b, c}, at++);
}

RealField labelled(const Decomposition& d, int rank, int components) {
  RealField field(d, rank, components);
  for (int c = 0; c < components; ++c)
    for_each_point(field.box(), [&](Index3 x, std::size_t at) { field.component(c)[at] = label(d.domain(), x, c); });
  return field;
}

ActiveDepth labelled_depth(const Decomposition& d, int rank) {
  ActiveDepth depth(static_cast<std::size_t>(d.real_box(rank).size()));
  for_each_point(d.real_box(rank), [&](Index3 x, std::size_t at) { depth[at] = small_label(d.domain(), x); });
  return depth;
}

std::vector<Decomposition> layouts_of(const Domain& domain, int ranks) {
  std::vector<Decomposition> result{Decomposition(domain, ranks)};
  if (domain.dimensions() == 3)
    for (int rows = 1; rows <= ranks; ++rows)
      if (ranks % rows == 0)
        result.emplace_back(domain, rows, ranks / rows);
  return result;
}

// Cubes and boxes that are none, with prime sizes and fewer planes than ranks.
std::vector<Domain> boxes() {
  return {Domain(1, 7),
          Domain(2, 9),
          Domain(2, 3),
          Domain(3, 8),
          Domain(3, 5),
          Domain(3, 2),
          Domain(Axes{{6}, {5}, {4}}),
          Domain(Axes{{2}, {7}, {3}}),
          Domain(Axes{{11}, {3}, {8}}),
          Domain(Axes{{3}, {17}})};
}

std::int64_t total(const Communicator& world, std::int64_t local) {
  std::vector<std::int64_t> value{local};
  world.sum(value);
  return value[0];
}

} // namespace

TEST_CASE("A cyclic shift moves every point where it says", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const Domain& domain : boxes())
    for (const Decomposition& d : layouts_of(domain, world.size()))
      for (const Index3 shift : {Index3{0, 0, 0}, Index3{1, 2, 3}, Index3{-1, 4, -13},
                                 Index3{domain.points(2) / 2, -domain.points(2) / 2, domain.points(2)}}) {
        CAPTURE(domain.points(0), domain.points(1), domain.points(2), d.rows(), d.columns());
        CAPTURE(shift[0], shift[1], shift[2]);
        const RealField moved = cyclic_shift(labelled(d, world.rank(), 2), world, shift);
        const ActiveDepth depth = cyclic_shift(labelled_depth(d, world.rank()), d, world, shift);
        const Index3 shape = d.domain().shape();
        std::int64_t wrong = 0;
        for_each_point(moved.box(), [&](Index3 x, std::size_t at) {
          Index3 from = x;
          for (std::size_t a = 0; a < 3; ++a)
            from[a] = ((x[a] + shift[a]) % shape[a] + shape[a]) % shape[a];
          for (int c = 0; c < 2; ++c)
            wrong += moved.component(c)[at] != label(d.domain(), from, c);
          wrong += depth[at] != small_label(d.domain(), from);
        });
        CHECK(total(world, wrong) == 0);
      }
}

TEST_CASE("An open box is not shifted round its end") {
  const Communicator self = Communicator::self();
  const Decomposition d(Domain(Axes{{4, 1.0, false}, {6}}), 1);
  CHECK_THROWS_WITH(cyclic_shift(labelled(d, 0, 1), self, {0, 1, 2}), Catch::Contains("axis y"));
  CHECK(cyclic_shift(labelled(d, 0, 1), self, {0, 0, 2}).component(0)[0] == 2);
}

TEST_CASE("Decimation keeps every m-th point", "[mpi]") {
  const Communicator world = Communicator::world();
  struct Case {
    Axes coarse;
    Index3 stride;
  };
  for (const Case& one : std::vector<Case>{{{{5}}, {1, 1, 3}},
                                           {{{6}, {6}}, {1, 2, 2}},
                                           {{{4}, {4}, {4}}, {3, 3, 3}},
                                           {{{5}, {5}, {5}}, {1, 1, 1}},
                                           {{{3}, {4, 2.0, false}, {5}}, {2, 1, 3}},
                                           {{{7}, {2}}, {1, 1, 4}}}) {
    const Axes& axes = one.coarse;
    const Index3& m = one.stride;
    const Domain coarse_domain(axes);
    Axes fine_axes = axes;
    for (std::size_t a = 0; a < axes.size(); ++a)
      fine_axes[a].points *= m[a + 3 - axes.size()];
    for (const Decomposition& fine : layouts_of(Domain(fine_axes), world.size())) {
      CAPTURE(m[0], m[1], m[2], fine.rows(), fine.columns());
      const Decomposition coarse(coarse_domain, world.size());
      const RealField kept = decimate(labelled(fine, world.rank(), 2), coarse, world);
      std::int64_t wrong = 0;
      for (int c = 0; c < 2; ++c)
        for_each_point(kept.box(), [&](Index3 x, std::size_t at) {
          wrong += kept.component(c)[at] != label(fine.domain(), {m[0] * x[0], m[1] * x[1], m[2] * x[2]}, c);
        });
      CHECK(total(world, wrong) == 0);
    }
  }
  const Decomposition other(Domain(Axes{{4}, {6}}), world.size());
  CHECK_THROWS_WITH(decimate(labelled(Decomposition(Domain(2, 8), world.size()), world.rank(), 1), other, world),
                    Catch::Contains("axis x"));
}

TEST_CASE("Blocks arrive whole, each at one rank", "[mpi]") {
  const Communicator world = Communicator::world();
  std::vector<BlockLayout> layouts{{Domain(Axes{{24}, {20}, {18}}), 4, {6, 5, 4}},
                                   {Domain(Axes{{7}, {5}, {3}}), 3, {2, 1, 1}},
                                   {Domain(Axes{{31}, {29}}), 7, {1, 4, 3}},
                                   {Domain(1, 17), 5, {1, 1, 3}}};
  for (const auto& [dimensions, n] : std::vector<std::pair<int, Index>>{{1, 12}, {2, 12}, {3, 12}, {3, 4}})
    for (const Index per_side : {Index{1}, Index{2}, Index{4}, n})
      layouts.emplace_back(Domain(dimensions, n), per_side);
  for (const BlockLayout& layout : layouts)
    for (const Decomposition& d : layouts_of(layout.domain(), world.size())) {
      CAPTURE(d.domain().points(0), d.domain().points(1), d.domain().points(2), layout.side(), d.rows(), d.columns());
      const BlockField blocks = to_blocks(labelled(d, world.rank(), 2), layout, world, 1);
      const BlockDepth depth = to_blocks(labelled_depth(d, world.rank()), d, layout, world);
      std::int64_t wrong = 0;
      for (Index i = 0; i < blocks.count(); ++i) {
        Box box{layout.origin(blocks.owned().begin + i), {}};
        for (std::size_t a = 0; a < 3; ++a)
          box.end[a] = box.begin[a] + layout.block_shape()[a];
        for_each_point(box, [&](Index3 x, std::size_t at) {
          wrong += blocks.block(i)[at] != label(d.domain(), x, 1);
          wrong += depth.block(i)[at] != small_label(d.domain(), x);
        });
      }
      CHECK(total(world, wrong) == 0);
      CHECK(total(world, blocks.count()) == layout.blocks());
    }
}

TEST_CASE("Blocks must divide the grid, and number the box row by row") {
  CHECK_THROWS_AS(BlockLayout(Domain(3, 12), 5), Error);
  CHECK_THROWS_AS(BlockLayout(Domain(3, 12), 0), Error);
  const BlockLayout layout(Domain(3, 12), 4);
  CHECK(layout.blocks() == 64);
  CHECK(layout.block_points() == 27);
  CHECK(layout.origin(4 * 4 * 1 + 4 * 2 + 3) == Index3{3, 6, 9});
  CHECK(BlockLayout(Domain(2, 12), 4).origin(4 * 2 + 3) == Index3{0, 6, 9});
  CHECK(BlockLayout(Domain(1, 12), 4).origin(3) == Index3{0, 0, 9});
  const BlockLayout uneven(Domain(Axes{{24}, {20}, {18}}), 4, {6, 5, 4});
  CHECK(uneven.blocks() == 120);
  CHECK(uneven.covered_points() == 120 * 64);
  CHECK(uneven.origin(5 * 4 * 2 + 4 * 3 + 1) == Index3{8, 12, 4});
  CHECK_THROWS_WITH(BlockLayout(Domain(Axes{{24}, {20}, {18}}), 4, {6, 5, 5}), Catch::Contains("axis x"));
  CHECK_THROWS_WITH(BlockLayout(Domain(Axes{{24}, {20}}), 4, {2, 6, 5}), Catch::Contains("axis z"));
  CHECK_THROWS_WITH(BlockLayout(Domain(Axes{{24}, {20}}), 4), Catch::Contains("axis y"));
}
