// The tree under a cascade: keys by Philox, nested in d, independent of h, with the statistics of a branching process.

#include "solvers/cascade/tree.hpp"
#include "support/sample_statistics.hpp"
#include "tests/solvers/naive_cascade.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cascade;
using core::Block;
using core::Coordinate;
using solvers::CascadeRules;
using solvers::CascadeTree;

namespace {

/// Keys of all alive cells, level by level.
std::vector<std::vector<Block>> all_alive(const core::ActiveTree& tree, int levels) {
  const std::size_t children = std::size_t{1} << tree.dimensions();
  std::vector<std::vector<Block>> result{{tree.root()}};
  std::vector<Block> keys(children);
  std::vector<std::uint8_t> alive(children);
  for (int l = 0; l + 1 < levels; ++l) {
    std::vector<Block> next;
    for (const Block& key : result.back()) {
      tree.children(key, keys, alive);
      for (std::size_t c = 0; c < children; ++c)
        if (alive[c] != 0)
          next.push_back(keys[c]);
    }
    result.push_back(std::move(next));
  }
  return result;
}

CascadeTree make_tree(int D, int levels, double d, std::uint64_t realisation, double h = 0.3, std::uint64_t seed = 1) {
  return CascadeTree(CascadeRules(D, levels, d, h, seed, realisation));
}

} // namespace

TEST_CASE("The children of a cell are Philox of its key and their index", "[cascade_tree]") {
  for (const int D : {1, 2, 3, 4, 5, 7, 10}) {
    const double d = D - 0.5;
    const CascadeTree tree = make_tree(D, 4, d, 0);
    const std::size_t children = std::size_t{1} << D;
    std::vector<Block> keys(children);
    std::vector<std::uint8_t> alive(children);
    Block key = tree.root();
    CHECK(key == core::CounterRng(1, solvers::cascade_roots).block(0));
    for (int level = 0; level < 3; ++level) {
      tree.children(key, keys, alive);
      std::size_t wrong = 0;
      for (std::size_t c = 0; c < children; ++c) {
        wrong += keys[c] != core::philox(key, c) ? 1 : 0;
        wrong += (alive[c] != 0) != (keys[c][0] < std::exp2(-0.5) * 0x1p32) ? 1 : 0;
      }
      CHECK(wrong == 0);
      key = keys[children / 2];
    }
  }
}

TEST_CASE("Life, sign and orientation of a cell are independent and of their own probabilities", "[cascade_tree]") {
  constexpr int D = 3, cells = 60000;
  const double d = 2.4, beta = std::exp2(d - D);
  const CascadeRules rules(D, 1, d, 0, 1, 0);
  test::Sample alive, sign_of_alive, sign_of_dead, sign_of_wave_0;
  std::array<test::Sample, D> orientation;
  for (int i = 0; i < cells; ++i) {
    const Block key = core::philox(rules.root, static_cast<std::uint64_t>(i));
    alive.add(rules.alive(key) ? 1 : 0);
    (rules.alive(key) ? sign_of_alive : sign_of_dead).add(rules.sign(key));
    if (rules.orientation(key) == 0)
      sign_of_wave_0.add(rules.sign(key));
    if (rules.alive(key))
      for (int a = 0; a < D; ++a)
        orientation[static_cast<std::size_t>(a)].add(rules.orientation(key) == a ? 1 : 0);
  }
  CHECK(std::abs(alive.z(beta)) < 4);
  CHECK(std::abs(sign_of_alive.z(0)) < 4);
  CHECK(std::abs(sign_of_dead.z(0)) < 4);
  CHECK(std::abs(sign_of_wave_0.z(0)) < 4);
  for (const auto& o : orientation)
    CHECK(std::abs(o.z(1.0 / D)) < 4);
}

TEST_CASE("Alive cells: a branching process with mean 2^d children, level by level", "[cascade_tree]") {
  struct Case {
    int D;
    double d;
    int levels, trees;
  };
  double squares = 0;
  int rows = 0;
  for (const auto& [D, d, levels, trees] :
       {Case{1, 0.7, 12, 200}, Case{2, 1.4, 8, 100}, Case{2, 1.9, 7, 60}, Case{3, 2.2, 6, 60}, Case{3, 2.8, 5, 40}}) {
    const double mean_children = std::exp2(d), beta = std::exp2(d - D);
    std::vector<double> parents(static_cast<std::size_t>(levels)), excess(static_cast<std::size_t>(levels));
    std::vector<test::Sample> counts(static_cast<std::size_t>(levels));
    for (int t = 0; t < trees; ++t) {
      const auto alive = all_alive(make_tree(D, levels, d, static_cast<std::uint64_t>(t)), levels);
      for (std::size_t l = 0; l < alive.size(); ++l) {
        counts[l].add(static_cast<double>(alive[l].size()));
        if (l + 1 < alive.size()) {
          parents[l] += static_cast<double>(alive[l].size());
          excess[l] += static_cast<double>(alive[l + 1].size()) - mean_children * static_cast<double>(alive[l].size());
        }
      }
    }
    for (std::size_t l = 0; l + 1 < counts.size(); ++l) {
      const double z = excess[l] / std::sqrt(mean_children * (1 - beta) * parents[l]);
      CAPTURE(D, d, l, z);
      CHECK(std::abs(z) < 4);
      squares += z * z;
      ++rows;
      CHECK(std::abs(counts[l + 1].z(std::exp2(d * static_cast<double>(l + 1)))) < 4); // E N_l = 2^(d l)
    }
  }
  // Independent standard normals: the mean of z^2 is 1 +- sqrt(2/rows), within four of these.
  CHECK(squares / rows == Approx(1).margin(4 * std::sqrt(2.0 / rows)));
}

TEST_CASE("A cell alive at d is alive at any larger d; h does not touch the tree", "[cascade_tree]") {
  for (const int D : {1, 2, 3})
    for (std::uint64_t realisation = 0; realisation < 4; ++realisation) {
      const int levels = D == 3 ? 5 : 7;
      std::vector<std::vector<Block>> smaller;
      for (const double gap : {0.9, 0.5, 0.2, 0.0}) {
        auto alive = all_alive(make_tree(D, levels, D - gap, realisation), levels);
        CHECK(all_alive(make_tree(D, levels, D - gap, realisation, 0.9), levels) == alive);
        for (auto& level : alive)
          std::sort(level.begin(), level.end());
        for (std::size_t l = 0; l < smaller.size(); ++l)
          CHECK(std::includes(alive[l].begin(), alive[l].end(), smaller[l].begin(), smaller[l].end()));
        if (gap == 0)
          for (std::size_t l = 0; l < alive.size(); ++l) // d = D: everything
            CHECK(alive[l].size() == std::size_t{1} << (D * static_cast<int>(l)));
        smaller = std::move(alive);
      }
    }
}

TEST_CASE("Depth of a point: follow its cells down; the limit cuts it", "[cascade_tree]") {
  for (const int D : {1, 2, 3, 4}) {
    constexpr int levels = 14;
    const double d = D - 0.3;
    const CascadeTree tree = make_tree(D, levels, d, 3);
    const test::NaiveCascade naive(D, levels, d, 0.3, 1, 3);
    constexpr std::size_t count = 500; // not a multiple of a batch
    const auto points = test::random_points(D, count, 7);
    std::vector<int> depth(count);
    for (const int limit : {1, 2, 5, levels, 60}) {
      tree.depth_at(points, limit, depth);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < count; ++i) {
        int expected = 0;
        naive(&points[i * static_cast<std::size_t>(D)], &expected);
        wrong += depth[i] != std::min(expected, limit) ? 1 : 0;
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("Realisations and seeds are different trees", "[cascade_tree]") {
  CHECK(make_tree(3, 2, 2.5, 0).root() != make_tree(3, 2, 2.5, 1).root());
  CHECK(make_tree(3, 2, 2.5, 0, 0.3, 1).root() != make_tree(3, 2, 2.5, 0, 0.3, 2).root());
}
