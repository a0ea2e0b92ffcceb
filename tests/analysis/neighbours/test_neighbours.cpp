// Nearest neighbours against looking at every pair, by tree and by blocks; the same at any number of ranks.

#include "analysis/neighbours/neighbours.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "core/random/random.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace cascade;
using analysis::Neighbours;
using core::Communicator;
using core::PointCloud;

namespace {

/// Coordinates on a coarse lattice where `levels` is small: many equal distances.
PointCloud random_cloud(std::int64_t n, std::int64_t dimension, std::uint64_t seed, int levels = 1 << 30,
                        double shift = 0) {
  const core::CounterRng rng(seed, core::Stream{5});
  PointCloud cloud;
  cloud.dimension = dimension;
  std::vector<double> points;
  for (std::int64_t i = 0; i < n * dimension; ++i) {
    const core::Block b = rng.block(static_cast<std::uint64_t>(i));
    points.push_back(shift + std::floor(core::uniform(b[0], b[1]) * levels) / levels);
  }
  cloud.points = std::move(points);
  return cloud;
}

std::vector<std::pair<double, std::int64_t>> all_near(const PointCloud& cloud, std::span<const double> x,
                                                      std::int64_t own) {
  std::vector<std::pair<double, std::int64_t>> out;
  for (std::int64_t j = 0; j < cloud.size(); ++j) {
    double sum = 0;
    for (std::size_t a = 0; a < x.size(); ++a)
      sum += (x[a] - cloud.row(j)[a]) * (x[a] - cloud.row(j)[a]);
    if (j != own)
      out.emplace_back(std::sqrt(sum), j);
  }
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace

TEST_CASE("nearest neighbours are those of all pairs, ties by index", "[neighbours]") {
  struct Case {
    std::int64_t n, dimension, k;
    int levels;
    double shift;
  };
  // the last: far from the origin, where |x|^2 - 2 x.y has lost most digits
  for (const Case c : {Case{300, 1, 3, 1 << 30, 0},
                       {400, 3, 7, 4, 0},
                       {300, 20, 5, 1 << 30, 0},
                       {700, 21, 9, 1 << 30, 0},
                       {1300, 30, 4, 2, 0},
                       {500, 25, 6, 1 << 30, 1e6}}) {
    const PointCloud cloud = random_cloud(c.n, c.dimension, 3, c.levels, c.shift);
    const PointCloud others = random_cloud(150, c.dimension, 4, c.levels, c.shift);
    for (const bool same : {true, false}) {
      const PointCloud& queries = same ? cloud : others;
      const Neighbours near = analysis::NeighbourSearch(cloud).find(queries, 0, queries.size(), c.k, same);
      REQUIRE(near.queries() == queries.size());
      for (std::int64_t i = 0; i < queries.size(); i += 7) {
        const auto all = all_near(cloud, queries.row(i), same ? i : -1);
        for (std::int64_t j = 0; j < c.k; ++j) {
          INFO("D = " << c.dimension << ", query " << i << ", neighbour " << j);
          REQUIRE(near.distance[static_cast<std::size_t>(i * c.k + j)] == all[static_cast<std::size_t>(j)].first);
          REQUIRE(near.index[static_cast<std::size_t>(i * c.k + j)] == all[static_cast<std::size_t>(j)].second);
        }
      }
    }
    // radii are distances of the cloud's own points, which are not below themselves
    const auto own = all_near(cloud, cloud.row(0), 0);
    const std::array<double, 2> radii{own[own.size() / 8].first, own[own.size() / 3].first};
    const auto counts = analysis::NeighbourSearch(cloud).count_within(0, cloud.size(), radii);
    for (std::int64_t i = 0; i < cloud.size(); i += 29) {
      const auto all = all_near(cloud, cloud.row(i), i);
      for (std::size_t m = 0; m < 2; ++m)
        REQUIRE(counts[static_cast<std::size_t>(i)][m] ==
                std::count_if(all.begin(), all.end(), [&](const auto& p) { return p.first < radii[m]; }));
    }
  }
}

TEST_CASE("a search for more points than there are is refused", "[neighbours]") {
  const PointCloud cloud = random_cloud(10, 2, 1);
  const analysis::NeighbourSearch search(cloud);
  CHECK_THROWS_AS(search.find(cloud, 0, 10, 10, true), std::invalid_argument);
  CHECK_NOTHROW(search.find(cloud, 0, 10, 10, false));
  CHECK_THROWS_AS(search.find(cloud, 0, 10, 0, true), std::invalid_argument);
}

TEST_CASE("neighbours have the same bits at any number of ranks", "[neighbours][mpi]") {
  const Communicator world = Communicator::world(), self = Communicator::self();
  for (const std::int64_t dimension : {4, 40}) {
    const PointCloud cloud = random_cloud(515, dimension, 9);
    const Neighbours shared = analysis::nearest(cloud, cloud, 6, true, world),
                     alone = analysis::nearest(cloud, cloud, 6, true, self);
    CHECK(test::same_bits(shared.distance, alone.distance));
    CHECK(shared.index == alone.index);
    CHECK(analysis::count_within(cloud, {0.5, 1.5}, world) == analysis::count_within(cloud, {0.5, 1.5}, self));
  }
}

TEST_CASE("parts of a cloud are equal in number and apart in space", "[neighbours]") {
  const PointCloud cloud = random_cloud(1000, 2, 5);
  const std::vector<int> parts = analysis::space_blocks(cloud, 4);
  std::vector<int> count(16, 0);
  for (const int part : parts)
    ++count[static_cast<std::size_t>(part)];
  CHECK(*std::min_element(count.begin(), count.end()) >= 62);
  CHECK(*std::max_element(count.begin(), count.end()) <= 63);
  double low[16], high[16];
  std::fill_n(low, 16, 2.0);
  std::fill_n(high, 16, -1.0);
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t a = 0; a < 1; ++a) {
      low[parts[i]] = std::min(low[parts[i]], cloud.points[2 * i]);
      high[parts[i]] = std::max(high[parts[i]], cloud.points[2 * i]);
    }
  for (int p = 0; p < 16; ++p)
    CHECK(high[p] - low[p] < 0.6);
}
