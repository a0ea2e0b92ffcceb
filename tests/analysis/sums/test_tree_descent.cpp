// Walks down a tree: counts and volume averages without bias, and what goes wrong without the dead places.

#include "analysis/sums/tree_descent.hpp"
#include "support/sample_statistics.hpp"
#include "tests/analysis/field_source.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace cascade;
using analysis::DrawStream;
using analysis::TreeDescent;
using core::Coordinate;
using test::CascadeCase;

namespace {

const std::vector<CascadeCase> cases = {{1, 0.7, 0.3, 8}, {2, 1.3, 0.3, 6}, {2, 1.8, 0.3, 5}, {3, 2.3, 0.3, 5}};

/// The first `kept` children of every cell are alive: N_j = kept^j, known without counting.
class FirstChildren final : public core::ActiveTree {
public:
  FirstChildren(int dimensions, int kept) : dimensions_(dimensions), kept_(kept) {}
  int dimensions() const override { return dimensions_; }
  int depth() const override { return 48; }
  core::Block root() const override { return {1, 2, 3, 4}; }
  void children(const core::Block& key, std::span<core::Block> keys, std::span<std::uint8_t> alive) const override {
    for (std::size_t c = 0; c < keys.size(); ++c) {
      keys[c] = core::philox(key, c);
      alive[c] = static_cast<int>(c) < kept_ ? 1 : 0;
    }
  }
  void depth_at(std::span<const Coordinate>, int, std::span<int>) const override {}

private:
  int dimensions_, kept_;
};

/// Probability of depth i < j, as the formula says.
double depth_probability(int i, int j) {
  return 0.5 / j + 0.5 * std::exp2(i - j) / (1 - std::exp2(-j));
}

} // namespace

TEST_CASE("Probabilities of the depths of dead places add up to one", "[tree_descent]") {
  for (const int j : {1, 2, 5, 20, 48}) {
    double total = 0;
    for (int i = 0; i < j; ++i)
      total += depth_probability(i, j);
    CHECK(total == Approx(1).epsilon(1e-13));
  }
}

TEST_CASE("The count of alive cells is unbiased, whatever the tree", "[tree_descent]") {
  for (const CascadeCase& c : cases)
    for (int tree = 0; tree < 3; ++tree) {
      const auto sample = test::source_of(c)(tree);
      const auto alive = test::alive_cells(*sample.tree, c.levels);
      TreeDescent walk(*sample.tree);
      std::vector<test::Sample> counts(alive.size()), corners(alive.size());
      for (std::uint64_t draw = 0; draw < 3000; ++draw) {
        DrawStream stream(1, static_cast<std::uint64_t>(tree), draw, {9});
        walk.walk(stream, c.levels);
        for (int j = 0; j <= c.levels; ++j) {
          const bool there = j <= walk.reached();
          const auto& node = walk.node(std::min(j, walk.reached()));
          counts[static_cast<std::size_t>(j)].add(there ? node.count_weight : 0);
          // Any property of a cell: here whether it lies in the upper half of the last axis.
          corners[static_cast<std::size_t>(j)].add(there && node.corner.back() >> 63 != 0 ? node.count_weight : 0);
        }
      }
      for (std::size_t j = 0; j < alive.size(); ++j) {
        CAPTURE(c.D, c.d, tree, j);
        CHECK(std::abs(counts[j].z(static_cast<double>(alive[j].size()))) < 4); // 3000 walks
        CHECK(std::abs(corners[j].z(static_cast<double>(std::count_if(
                  alive[j].begin(), alive[j].end(), [](const auto& corner) { return corner.back() >> 63 != 0; })))) <
              4);
      }
    }
}

TEST_CASE("A walk visits cells that are alive, and its dead children are dead", "[tree_descent]") {
  for (const CascadeCase& c : cases) {
    const auto sample = test::source_of(c)(0);
    TreeDescent walk(*sample.tree);
    std::size_t wrong = 0;
    for (std::uint64_t draw = 0; draw < 200; ++draw) {
      DrawStream stream(1, 0, draw, {9});
      walk.walk(stream, c.levels - 1);
      for (int j = 0; j <= walk.reached(); ++j) {
        const auto& node = walk.node(j);
        int depth[1];
        sample.tree->depth_at(node.corner, c.levels, depth);
        wrong += depth[0] <= j ? 1 : 0;
        wrong += node.volume_weight != node.count_weight * std::exp2(-c.D * j) ? 1 : 0; // powers of two: exact
        if (j + 1 < c.levels && node.dead_child >= 0) {
          auto corner = node.corner;
          TreeDescent::child_corner(corner, j, node.dead_child);
          sample.tree->depth_at(corner, c.levels, depth);
          wrong += depth[0] != j + 1 ? 1 : 0;
        }
        wrong += (node.dead_fraction > 0) != (node.dead_child >= 0) ? 1 : 0;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("Depths of dead places are drawn with their probabilities, and weighted by the inverse", "[tree_descent]") {
  // Half of the children alive at every level: 2^-(i+1) of the volume dies at depth i, 2^-j lives at j.
  constexpr int D = 2, draws = 40000;
  const FirstChildren tree(D, 2);
  TreeDescent walk(tree);
  for (const int j : {1, 2, 7, 16}) {
    std::map<int, test::Sample> found;
    test::Sample total, inverse;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      DrawStream stream(3, 0, draw, {9});
      walk.walk(stream, j);
      const auto place = dead_place(walk, j, stream);
      for (int i = 0; i < j; ++i)
        found[i].add(place.level == i + 1 ? 1 : 0);
      const double probability = depth_probability(place.level - 1, j);
      CHECK(place.weight == Approx(std::exp2(-place.level) / probability).epsilon(1e-13));
      total.add(place.weight);
      inverse.add(1 / probability / j);
    }
    CAPTURE(j);
    for (auto& [i, share] : found)
      CHECK(std::abs(share.z(depth_probability(i, j))) < 4);
    CHECK(std::abs(total.z(1 - std::exp2(-j))) < 4);
    CHECK(std::abs(inverse.z(1)) < 4); // E[1/pi] over j depths is j
    const auto alive = alive_place(walk, j);
    CHECK(alive.weight == std::exp2(-j));
    CHECK(alive.level == j);
  }
}

TEST_CASE("Alive and dead places together are uniform in the box", "[tree_descent]") {
  for (const CascadeCase& c : cases) {
    for (int tree = 0; tree < 3; ++tree) {
      const auto sample = test::source_of(c)(tree);
      const auto alive = test::alive_cells(*sample.tree, c.levels);
      TreeDescent walk(*sample.tree);
      for (const int j : {1, 3, c.levels}) {
        test::Sample whole, living, octant, slope;
        std::vector<Coordinate> point(static_cast<std::size_t>(c.D));
        for (std::uint64_t draw = 0; draw < 6000; ++draw) {
          DrawStream stream(1, static_cast<std::uint64_t>(tree), draw, {9});
          walk.walk(stream, c.levels);
          double weights = 0, in_octant = 0, first_moment = 0;
          const auto add = [&](const analysis::Place& place) {
            if (place.weight == 0)
              return;
            random_point(place.corner, place.level, stream, point.data());
            bool corner = true;
            for (const Coordinate x : point)
              corner = corner && x >> 63 == 0;
            weights += place.weight;
            in_octant += corner ? place.weight : 0;
            first_moment += place.weight * core::to_double(point[0]);
          };
          const auto here = alive_place(walk, j);
          add(here);
          add(dead_place(walk, j, stream));
          whole.add(weights);
          living.add(here.weight);
          octant.add(in_octant);
          slope.add(first_moment);
        }
        CAPTURE(c.D, c.d, tree, j);
        CHECK(std::abs(whole.z(1)) < 4); // 6000 walks
        CHECK(std::abs(octant.z(std::exp2(-c.D))) < 4);
        CHECK(std::abs(slope.z(0.5)) < 4);
        CHECK(std::abs(living.z(static_cast<double>(alive[static_cast<std::size_t>(j)].size()) * std::exp2(-c.D * j))) <
              4);
      }
    }
  }
}

TEST_CASE("A tree that dies stops the walk; a tree that fills space has no dead places", "[tree_descent]") {
  const FirstChildren dying(2, 0), full(2, 4);
  TreeDescent a(dying), b(full);
  DrawStream stream(1, 0, 0, {9});
  a.walk(stream, 10);
  CHECK(a.reached() == 0);
  CHECK(alive_place(a, 1).weight == 0);
  CHECK(dead_place(a, 1, stream).weight == 1); // all of the box
  b.walk(stream, 10);
  CHECK(b.reached() == 10);
  CHECK(alive_place(b, 10).weight == 1);
  CHECK(b.node(10).count_weight == std::exp2(20));
  for (int i = 0; i < 50; ++i)
    CHECK(dead_place(b, 10, stream).weight == 0);
}

TEST_CASE("The numbers of a draw are a pure function of seed, tree, draw and purpose", "[tree_descent]") {
  const auto first = [](std::uint64_t seed, std::uint64_t tree, std::uint64_t draw, std::uint32_t purpose) {
    DrawStream s(seed, tree, draw, {purpose});
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < 5; ++i)
      numbers.push_back(s.wide());
    return numbers;
  };
  const auto here = first(1, 2, 3, 1);
  CHECK(first(1, 2, 3, 1) == here);
  CHECK(first(2, 2, 3, 1) != here);
  CHECK(first(1, 3, 3, 1) != here);
  CHECK(first(1, 2, 4, 1) != here);
  CHECK(first(1, 2, 3, 2) != here);
  DrawStream s(1, 0, 0, {1});
  test::Sample mean;
  for (int i = 0; i < 4000; ++i)
    mean.add(s.below(5));
  CHECK(std::abs(mean.z(2)) < 4);
}
