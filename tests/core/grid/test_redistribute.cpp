// Laws with no tolerance: values move, they do not change.
#include "core/grid/redistribute.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <tuple>
#include <vector>

using namespace cascade::core;

namespace {

double label(const Domain& domain, Index3 x, int component = 0) {
  const Index n = domain.points();
  return static_cast<double>(((component * n + x[0]) * n + x[1]) * n + x[2]);
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

std::vector<Decomposition> decompositions(int dimensions, Index n, int ranks) {
  std::vector<Decomposition> result{Decomposition(Domain(dimensions, n), ranks)};
  if (dimensions == 3)
    for (int rows = 1; rows <= ranks; ++rows)
      if (ranks % rows == 0)
        result.emplace_back(Domain(dimensions, n), rows, ranks / rows);
  return result;
}

std::int64_t total(const Communicator& world, std::int64_t local) {
  std::vector<std::int64_t> value{local};
  world.sum(value);
  return value[0];
}

} // namespace

TEST_CASE("A cyclic shift moves every point where it says", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const auto& [dimensions, n] : std::vector<std::pair<int, Index>>{{1, 7}, {2, 9}, {2, 3}, {3, 8}, {3, 5}, {3, 2}})
    for (const Decomposition& d : decompositions(dimensions, n, world.size()))
      for (const Index3 shift : {Index3{0, 0, 0}, Index3{1, 2, 3}, Index3{-1, 4, -13}, Index3{n / 2, -n / 2, n}}) {
        CAPTURE(dimensions, n, d.rows(), d.columns(), shift[0], shift[1], shift[2]);
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

TEST_CASE("Decimation keeps every m-th point", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const auto& [dimensions, n, m] :
       std::vector<std::tuple<int, Index, Index>>{{1, 5, 3}, {2, 6, 2}, {3, 4, 3}, {3, 5, 1}})
    for (const Decomposition& fine : decompositions(dimensions, n * m, world.size())) {
      CAPTURE(dimensions, n, m, fine.rows(), fine.columns());
      const Decomposition coarse(Domain(dimensions, n), world.size());
      const RealField kept = decimate(labelled(fine, world.rank(), 2), coarse, world);
      std::int64_t wrong = 0;
      for (int c = 0; c < 2; ++c)
        for_each_point(kept.box(), [&](Index3 x, std::size_t at) {
          wrong += kept.component(c)[at] != label(fine.domain(), {m * x[0], m * x[1], m * x[2]}, c);
        });
      CHECK(total(world, wrong) == 0);
    }
}

TEST_CASE("Blocks arrive whole, each at one rank", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const auto& [dimensions, n] : std::vector<std::pair<int, Index>>{{1, 12}, {2, 12}, {3, 12}, {3, 4}})
    for (const Decomposition& d : decompositions(dimensions, n, world.size()))
      for (const Index per_side : {Index{1}, Index{2}, Index{4}, n}) {
        CAPTURE(dimensions, n, d.rows(), d.columns(), per_side);
        const BlockLayout layout(d.domain(), per_side);
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
}
