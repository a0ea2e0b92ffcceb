// Sampled structure functions against brute force on the same trees; the obvious way is seen to fail.

#include "analysis/sums/tree_descent.hpp"
#include "support/sample_statistics.hpp"
#include "tests/analysis/field_source.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cascade;
using core::Coordinate;
using test::CascadeCase;

namespace {

/// Values at the centres of n^D cells (D = 1 or 2) and averages over all their pairs.
class BruteTree {
public:
  BruteTree(const CascadeCase& c, int tree, std::size_t n)
      : D_(c.D), n_(n), values_(D_ == 1 ? n : n * n), depth_(values_.size()) {
    std::vector<Coordinate> points;
    const auto centre = [&](std::size_t i) { return (2 * i + 1) * ((Coordinate{1} << 63) / n); }; // n = 2^k: exact
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (D_ == 2)
        points.push_back(centre(i / n));
      points.push_back(centre(i % n));
    }
    const auto sample = test::source_of(c)(tree);
    sample.field->evaluate(points, values_);
    sample.tree->depth_at(points, c.levels + 1, depth_);
  }

  /// < |f(x + r e) - f(x)|^p > with r = 2^-j, over all x or those in alive cells of level `alive_level`.
  double moment(double p, int j, int alive_level = 0) const {
    const std::size_t r = n_ >> j;
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (depth_[i] <= alive_level)
        continue;
      const std::size_t row = i / n_, column = i % n_;
      sum += std::pow(std::abs(values_[row * n_ + (column + r) % n_] - values_[i]), p);
      count += 1;
      if (D_ == 2) {
        sum += std::pow(std::abs(values_[(row + r) % n_ * n_ + column] - values_[i]), p);
        count += 1;
      }
    }
    return count > 0 ? sum / count : 0;
  }

private:
  int D_;
  std::size_t n_;
  std::vector<double> values_;
  std::vector<int> depth_;
};

struct Setup {
  CascadeCase field;
  std::size_t n; ///< brute-force points a side: 32 and more in the smallest eddy
  int trees;
  std::int64_t draws;
};

const std::vector<Setup> setups = {{{1, 0.7, 0.3, 6}, 1 << 12, 24, 2000}, {{2, 1.3, 0.2, 5}, 512, 12, 2000}};

const std::vector<double> orders = {1, 2, 4};

std::vector<double> digest(const analysis::SampledStructureFunctions& sf) {
  std::vector<double> all;
  for (const auto& t : sf.moments)
    test::append_table(t, all);
  test::append_table(sf.active_square, all);
  return all;
}

} // namespace

TEST_CASE("S_p by descent is the average over all points of the same trees", "[sampled_structure_function][slow]") {
  for (const Setup& s : setups) {
    const CascadeCase& c = s.field;
    const int scales = c.levels;
    const auto sf = analysis::sampled_structure_functions(test::source_of(c), c.D, orders,
                                                          {7, s.trees, s.draws, scales}, core::Communicator::self());
    std::vector<std::vector<test::Sample>> excess(orders.size(),
                                                  std::vector<test::Sample>(static_cast<std::size_t>(scales)));
    std::vector<test::Sample> active(static_cast<std::size_t>(scales));
    for (int tree = 0; tree < s.trees; ++tree) {
      const BruteTree all(c, tree, s.n);
      const auto t = static_cast<std::size_t>(tree);
      for (int j = 1; j <= scales; ++j) {
        const auto at = static_cast<std::size_t>(j - 1);
        for (std::size_t p = 0; p < orders.size(); ++p)
          excess[p][at].add(sf.moments[p].sum[t][at] / sf.moments[p].weight[t][at] - all.moment(orders[p], j));
        // Given that x is alive at level j: the mean of sum - (mean of brute force) weight is zero exactly.
        if (j < scales)
          active[at].add(sf.active_square.sum[t][at] - all.moment(2, j, j) * sf.active_square.weight[t][at]);
      }
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(scales); ++at) {
      CAPTURE(c.D, at);
      for (std::size_t p = 0; p < orders.size(); ++p) {
        CAPTURE(orders[p], sf.moments[p].mean()[at], excess[p][at].standard_error());
        CHECK(std::abs(excess[p][at].z(0)) < 4);
        CHECK(excess[p][at].standard_error() < 0.1 * sf.moments[p].mean()[at]); // the test can see something
      }
      if (at + 1 < static_cast<std::size_t>(scales))
        CHECK(std::abs(active[at].z(0)) < 4);
      CHECK(sf.active_square.x[at] == std::exp2(-static_cast<double>(at + 1)));
    }
  }
}

TEST_CASE("Starting from alive points only loses most of S_1: the dead places are needed",
          "[sampled_structure_function]") {
  const CascadeCase c{2, 1.3, 0.2, 5};
  constexpr int j = 4, trees = 12;
  constexpr std::uint64_t draws = 2000;
  test::Sample naive, whole;
  double truth = 0;
  for (int tree = 0; tree < trees; ++tree) {
    const auto sample = test::source_of(c)(tree);
    const double expected = BruteTree(c, tree, 512).moment(1, j);
    truth += expected / trees;
    analysis::TreeDescent walk(*sample.tree);
    double by_alive = 0, by_dead = 0;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      analysis::DrawStream stream(5, static_cast<std::uint64_t>(tree), draw, {9});
      walk.walk(stream, j);
      const auto increment = [&](const analysis::Place& place) {
        if (place.weight == 0)
          return 0.0;
        std::vector<Coordinate> points(4);
        random_point(place.corner, place.level, stream, points.data());
        points[2] = points[0];
        points[3] = points[1];
        points[2 + stream.below(2)] += Coordinate{1} << (64 - j);
        double values[2];
        sample.field->evaluate(points, values);
        return place.weight * std::abs(values[1] - values[0]) / static_cast<double>(draws);
      };
      by_alive += increment(alive_place(walk, j));
      by_dead += increment(dead_place(walk, j, stream));
    }
    naive.add(by_alive - expected);
    whole.add(by_alive + by_dead - expected);
  }
  CAPTURE(truth, naive.mean(), whole.mean(), naive.standard_error(), whole.standard_error());
  CHECK(naive.mean() < -0.5 * truth); // most of S_1
  CHECK(std::abs(naive.mean()) > 10 * whole.standard_error());
  CHECK(std::abs(whole.z(0)) < 4);
}

TEST_CASE("Sampled structure functions have the same bits at every rank count", "[mpi]") {
  const auto world = core::Communicator::world();
  const CascadeCase c{2, 1.7, 0.3, 12};
  const analysis::SamplingPlan plan{3, 5, 130, 8};
  const auto run = [&](const core::Communicator& comm) {
    return digest(analysis::sampled_structure_functions(test::source_of(c), c.D, {0.5, 1, 3}, plan, comm));
  };
  std::int64_t wrong[] = {test::same_bits(run(world), run(core::Communicator::self())) ? 0 : 1};
  world.sum(std::span<std::int64_t>(wrong));
  CHECK(wrong[0] == 0);
}
