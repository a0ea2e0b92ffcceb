// Sums over draws: every draw once, in the right tree, the same bits at any rank count.

#include "analysis/sums/sample_sums.hpp"
#include "core/talk/errors.hpp"
#include "tests/analysis/field_source.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>

using namespace cascade;
using analysis::ChunkSums;
using analysis::SamplingPlan;
using analysis::TreeSums;

namespace {

/// A number of awkward size for each draw, observable and scale.
double term(int tree, std::int64_t draw, std::size_t observable, int scale) {
  return std::sin(1.7 * static_cast<double>(draw) + tree) *
         std::exp2(static_cast<double>((draw * 7 + static_cast<std::int64_t>(observable)) % 90 - 45) - scale);
}

TreeSums sums(const SamplingPlan& plan, std::size_t observables, std::int64_t chunk, const core::Communicator& comm,
              double* advanced = nullptr) {
  return analysis::sum_over_draws(
      plan, observables, chunk, comm,
      [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& part) {
        for (std::int64_t draw = first; draw < last; ++draw)
          for (std::size_t o = 0; o < observables; ++o)
            for (int j = 1; j <= plan.scales; ++j)
              part.at(o, j) += o == 0 ? 1 : term(tree, draw, o, j);
      },
      [&](double part) {
        if (advanced != nullptr)
          *advanced += part;
      });
}

} // namespace

TEST_CASE("Every draw of every tree is made once", "[mpi]") {
  const auto world = core::Communicator::world();
  for (const std::int64_t draws : {1, 15, 16, 17, 100}) {
    const SamplingPlan plan{1, 3, draws, 4};
    double advanced = 0;
    const TreeSums s = sums(plan, 2, 16, world, &advanced);
    for (std::size_t tree = 0; tree < 3; ++tree)
      for (std::size_t j = 0; j < 4; ++j)
        CHECK(s.at(tree, 0, j) == static_cast<double>(draws));
    const std::int64_t chunks = 3 * ((draws + 15) / 16);
    CHECK(advanced == Approx(world.rank() < chunks ? 1 : 0).margin(1e-12));
  }
}

TEST_CASE("Sums over draws have the same bits at every rank count", "[mpi]") {
  const auto world = core::Communicator::world();
  const auto self = core::Communicator::self();
  for (const int trees : {1, 2, 7}) {
    const SamplingPlan plan{1, trees, 150, 3};
    const TreeSums parallel = sums(plan, 3, 16, world), serial = sums(plan, 3, 16, self);
    std::vector<double> a, b;
    for (std::size_t tree = 0; tree < static_cast<std::size_t>(trees); ++tree)
      for (std::size_t o = 0; o < 3; ++o)
        for (std::size_t j = 0; j < 3; ++j) {
          a.push_back(parallel.at(tree, o, j));
          b.push_back(serial.at(tree, o, j));
        }
    std::int64_t wrong[] = {test::same_bits(a, b) ? 0 : 1};
    world.sum(std::span<std::int64_t>(wrong));
    CHECK(wrong[0] == 0);
  }
}

TEST_CASE("Tables of sums: abscissas, weights from an observable or from the draws", "[sample_sums]") {
  const SamplingPlan plan{1, 2, 20, 3};
  const TreeSums s = sums(plan, 3, 16, core::Communicator::self());
  const auto ratio = s.table(1, 2, 0), per_draw = s.table_per_draw(1, 20, 0);
  CHECK(ratio.x == std::vector<double>{0.5, 0.25, 0.125});
  CHECK(per_draw.x == ratio.x);
  CHECK(ratio.count == std::vector<double>(3, 40));
  CHECK(ratio.blocks() == 2);
  for (std::size_t tree = 0; tree < 2; ++tree)
    for (std::size_t j = 0; j < 3; ++j) {
      double expected = 0;
      for (std::int64_t draw = 0; draw < 20; ++draw)
        expected += term(static_cast<int>(tree), draw, 1, static_cast<int>(j) + 1);
      CHECK(ratio.sum[tree][j] == Approx(expected).epsilon(1e-12));
      CHECK(ratio.weight[tree][j] == s.at(tree, 2, j));
      CHECK(per_draw.sum[tree][j] == ratio.sum[tree][j]);
      CHECK(per_draw.weight[tree][j] == 20);
    }
}

TEST_CASE("A kernel that fails on one rank fails on all", "[mpi]") {
  const auto world = core::Communicator::world();
  const SamplingPlan plan{1, 5, 16, 1};
  int caught = 0;
  try {
    analysis::sum_over_draws(plan, 1, 16, world, [&](int tree, std::int64_t, std::int64_t, ChunkSums&) {
      if (tree == 4)
        throw core::Error(core::ExitCode::numerical_failure, "tree 4");
    });
  } catch (const core::Error&) {
    caught = 1;
  }
  std::int64_t all[] = {caught};
  world.sum(std::span<std::int64_t>(all));
  CHECK(all[0] == world.size());
}
