// Points with weights, and clouds of which a node has one copy.

#include "core/points/point_cloud.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cascade;

TEST_CASE("Points at one place become one, with the weight of all") {
  core::PointCloud cloud{2, {0, 1, 2, 3, 0, 1, 4, 5, 0, 1, 2, 3}, {1, 2, 3, 4, 5, 6}, {1, 2, 4, 8, 16, 32}};
  core::PointCloud plain{2, cloud.points, cloud.target};
  CHECK(core::drop_duplicates(cloud) == 3);
  CHECK(test::same_bits(cloud.points, std::vector<double>{0, 1, 2, 3, 4, 5}));
  CHECK(cloud.target == std::vector<double>{1, 2, 4});
  CHECK(cloud.weights == std::vector<double>{21, 34, 8});
  CHECK(core::drop_duplicates(plain) == 3);
  CHECK(plain.weights.empty());
  CHECK(plain.weight(1) == 1);
  const std::int64_t rows[] = {2, 0};
  CHECK(cloud.subset(rows).weights == std::vector<double>{8, 21});
}

namespace {

constexpr std::int64_t numbers_a_rank = 100003; // .8 MB: two ranks and more have enough to share

double number_of(int rank, std::size_t i) {
  return rank + 1 / static_cast<double>(i + 1);
}

core::SharedNumbers shared_by(const core::Communicator& ranks, const core::Communicator& node) {
  return core::share_numbers(numbers_a_rank + ranks.rank(), ranks, node, [&](std::span<double> mine) {
    for (std::size_t i = 0; i < mine.size(); ++i)
      mine[i] = number_of(ranks.rank(), i);
  });
}

bool all_there(const core::SharedNumbers& found, int ranks) {
  std::size_t at = 0;
  for (int r = 0; r < ranks; ++r)
    for (std::size_t i = 0; i < static_cast<std::size_t>(numbers_a_rank + r); ++i, ++at)
      if (at >= found.size() || found[at] != number_of(r, i))
        return false;
  return at == found.size();
}

/// Bytes of shared memory mapped by this process under a name of ours.
std::int64_t mapped_bytes() {
  std::ifstream maps("/proc/self/maps");
  std::int64_t bytes = 0;
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t first = 0, last = 0;
    if (line.find("/cascade-") != std::string::npos && std::sscanf(line.c_str(), "%lx-%lx", &first, &last) == 2)
      bytes += static_cast<std::int64_t>(last - first);
  }
  return bytes;
}

} // namespace

TEST_CASE("Ranks of a node share one copy, nodes have one each, and all see the same numbers", "[mpi]") {
  const core::Communicator world = core::Communicator::world();
  const bool several = world.size() > 1;
  {
    const core::SharedNumbers one = shared_by(world, world.node());
    CHECK(one.shared() == several);
    CHECK((mapped_bytes() > 0) == several);
    CHECK(all_there(one, world.size()));
    CHECK(one.first(3).data() == one.data());
  }
  CHECK(mapped_bytes() == 0);
  const core::SharedNumbers two = shared_by(world, world.split(world.rank() % 2, world.rank())); // as if on two nodes
  CHECK(all_there(two, world.size()));
  CHECK(all_there(shared_by(world, core::Communicator::self()), world.size())); // a node each
}

TEST_CASE("Where shared memory is refused, each rank has a copy", "[mpi]") {
  const core::Communicator world = core::Communicator::world();
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1 << 16, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const core::SharedNumbers own = shared_by(world, world.node());
  setrlimit(RLIMIT_FSIZE, &before);
  CHECK_FALSE(own.shared());
  CHECK(mapped_bytes() == 0);
  CHECK(all_there(own, world.size()));
}

TEST_CASE("An error while numbers are shared is one on every rank, and leaves nothing behind", "[mpi]") {
  const core::Communicator world = core::Communicator::world();
  CHECK_THROWS(core::share_numbers(numbers_a_rank * 2, world, [&](std::span<double>) {
    if (world.rank() == world.size() - 1)
      throw std::runtime_error("no");
  }));
  CHECK(mapped_bytes() == 0);
}

TEST_CASE("Clouds that are shared are those of one rank, bit for bit", "[mpi]") {
  const core::Communicator world = core::Communicator::world();
  const bool first = world.rank() == 0;
  core::PointCloud cloud;
  std::vector<double> points(first ? 300000 : 0);
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = static_cast<double>(i % 150000) / 7; // the second half repeats the first
  if (first)
    cloud = {3, points, std::vector<double>(100000, 2.0), std::vector<double>(100000, 1.0)};
  core::PointCloud whole = core::share(cloud, 0, world);
  CHECK(whole.size() == 100000);
  CHECK(whole.points.shared() == (world.size() > 1));
  CHECK(core::drop_duplicates(whole, world) == 50000);
  CHECK(whole.row(49999)[2] == 149999.0 / 7);
  CHECK(whole.weights == std::vector<double>(50000, 2.0));
  std::vector<std::int64_t> rows(50000);
  std::iota(rows.rbegin(), rows.rend(), 0);
  CHECK(test::same_bits(whole.subset(rows, world).points, whole.subset(rows).points));
}
