// Alive cells counted by descent against enumeration of the same trees.

#include "analysis/approximation/scattered_cells.hpp"
#include "analysis/box_counting/tree_counts.hpp"
#include "support/sample_statistics.hpp"
#include "tests/analysis/field_source.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using test::CascadeCase;

TEST_CASE("Cells counted by descent are the tree's own, level by level", "[tree_counts]") {
  struct Setup {
    CascadeCase field;
    int trees;
  };
  for (const auto& [c, trees] : {Setup{{1, 0.7, 0.3, 6}, 24}, Setup{{2, 1.3, 0.2, 5}, 12}}) {
    const auto cells = analysis::count_alive_cells(test::source_of(c), {7, trees, 2000, c.levels},
                                                   analysis::pair_descents, core::Communicator::self());
    REQUIRE(cells.blocks() == static_cast<std::size_t>(trees));
    std::vector<test::Sample> excess(static_cast<std::size_t>(c.levels));
    for (int tree = 0; tree < trees; ++tree) {
      const auto t = static_cast<std::size_t>(tree);
      const auto alive = test::alive_cells(*test::source_of(c)(tree).tree, c.levels);
      for (std::size_t at = 0; at < excess.size(); ++at)
        excess[at].add(cells.sum[t][at] / cells.weight[t][at] - static_cast<double>(alive[at + 1].size()));
    }
    for (std::size_t at = 0; at < excess.size(); ++at) {
      CAPTURE(c.D, at);
      CHECK(std::abs(excess[at].z(0)) < 4);
      CHECK(excess[at].standard_error() < 0.1 * cells.mean()[at]);
      CHECK(cells.x[at] == std::exp2(-static_cast<double>(at + 1)));
    }
  }
}

TEST_CASE("On average there are 2^(d j) of them, in eight dimensions too", "[tree_counts]") {
  for (const auto& [D, d] : {std::pair{3, 2.5}, std::pair{8, 7.0}}) {
    const auto cells = analysis::count_alive_cells(test::source_of({D, d, 0.3, 24}, 7), {7, 128, 12, 6},
                                                   analysis::scattered_descents, core::Communicator::self());
    const auto count = cells.mean(), error = cells.standard_error();
    for (std::size_t i = 0; i < count.size(); ++i) {
      CAPTURE(D, i, count[i], error[i]);
      CHECK(std::abs(count[i] - std::exp2(d * static_cast<double>(i + 1))) < 4 * error[i]);
      CHECK(error[i] < 0.3 * count[i]);
    }
  }
}

TEST_CASE("Trees that died stay as zeros in the counts", "[tree_counts]") {
  const CascadeCase c{1, 0.3, 0.3, 12}; // beta = .62: many die out
  constexpr int trees = 40;
  const auto cells = analysis::count_alive_cells(test::source_of(c), {7, trees, 64, 10}, analysis::pair_descents,
                                                 core::Communicator::self());
  int dead = 0, counted = 0;
  for (int tree = 0; tree < trees; ++tree) {
    dead += test::alive_cells(*test::source_of(c)(tree).tree, 10).back().empty() ? 1 : 0;
    counted += cells.sum[static_cast<std::size_t>(tree)].back() == 0 ? 1 : 0;
  }
  CHECK(dead > 0);
  CHECK(counted == dead);
  CHECK(cells.blocks() == trees);
}

TEST_CASE("Counts have the same bits at every rank count, whoever draws the trees", "[tree_counts][mpi]") {
  const auto world = core::Communicator::world(), self = core::Communicator::self();
  const CascadeCase c{2, 1.7, 0.3, 12};
  const auto digest = [&](const analysis::SamplingPlan& plan, const core::Communicator& ranks) {
    std::vector<double> all;
    test::append_table(analysis::count_alive_cells(test::source_of(c), plan, analysis::pair_descents, ranks), all);
    return all;
  };
  const auto whole = analysis::count_alive_cells(test::source_of(c), {3, 5, 130, 8}, analysis::pair_descents, self);
  const auto fourth = analysis::count_alive_cells(test::source_of(c), {3, 1, 130, 8, 3}, analysis::pair_descents, self);
  std::int64_t wrong[] = {test::same_bits(digest({3, 5, 130, 8}, world), digest({3, 5, 130, 8}, self)) ? 0 : 1,
                          test::same_bits(whole.sum[3], fourth.sum[0]) ? 0 : 1};
  world.sum(std::span<std::int64_t>(wrong));
  CHECK(wrong[0] == 0);
  CHECK(wrong[1] == 0);
}
