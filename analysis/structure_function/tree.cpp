#include "analysis/structure_function/tree.hpp"

#include "analysis/sums/absolute_power.hpp"
#include "analysis/sums/tree_descent.hpp"

#include <cmath>

namespace cascade::analysis {
namespace {

struct Pair {
  int scale;
  double weight;
  bool alive;
};

/// Where each sum lives among the observables.
struct Layout {
  std::size_t orders;
  std::size_t pairs() const { return orders; }
  std::size_t walks() const { return orders + 1; } ///< that got there
  std::size_t active_square() const { return orders + 2; }
  std::size_t active_weight() const { return orders + 3; }
  std::size_t size() const { return orders + 4; }
};

/// Draws the pairs of one chunk; all their points are evaluated in one batch.
class PairBatch {
public:
  explicit PairBatch(int dimensions) : dimensions_(static_cast<std::size_t>(dimensions)) {}
  void add(const Place& place, int scale, bool alive, DrawStream& stream) {
    if (place.weight == 0)
      return;
    const std::size_t start = points_.size();
    points_.resize(start + 2 * dimensions_);
    random_point(place.corner, place.level, stream, &points_[start]);
    for (std::size_t a = 0; a < dimensions_; ++a)
      points_[start + dimensions_ + a] = points_[start + a];
    points_[start + dimensions_ + stream.below(static_cast<std::uint32_t>(dimensions_))] += core::Coordinate{1}
                                                                                            << (64 - scale);
    pairs_.push_back({scale, place.weight, alive});
  }
  void accumulate(const core::PointField& field, const PowerList& powers, const Layout& layout, ChunkSums& sums) {
    std::vector<double> values(points_.size() / dimensions_), moments(powers.size());
    field.evaluate(points_, values);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double increment = values[2 * i + 1] - values[2 * i];
      const auto [scale, weight, alive] = pairs_[i];
      powers.raise(std::abs(increment), moments.data());
      for (std::size_t p = 0; p < moments.size(); ++p)
        sums.at(p, scale) += weight * moments[p];
      sums.at(layout.pairs(), scale) += 1;
      if (alive) {
        sums.at(layout.active_square(), scale) += weight * increment * increment;
        sums.at(layout.active_weight(), scale) += weight;
      }
    }
  }

private:
  std::size_t dimensions_;
  std::vector<core::Coordinate> points_;
  std::vector<Pair> pairs_;
};

} // namespace

SampledStructureFunctions sampled_structure_functions(const core::PointSource& source, int dimensions,
                                                      const std::vector<double>& orders, const SamplingPlan& plan,
                                                      const core::Communicator& communicator,
                                                      const std::function<void(double)>& advance) {
  const PowerList powers(orders);
  const Layout layout{orders.size()};
  const ChunkKernel kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
    const core::PointSample sample = source(tree);
    TreeDescent walk(*sample.tree);
    PairBatch batch(dimensions);
    for (std::int64_t draw = first; draw < last; ++draw) {
      DrawStream stream(plan.seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw), pair_draws);
      walk.walk(stream, plan.scales);
      for (int j = 1; j <= plan.scales; ++j) {
        sums.at(layout.walks(), j) += j <= walk.reached() ? 1 : 0;
        batch.add(alive_place(walk, j), j, true, stream);
        batch.add(dead_place(walk, j, stream), j, false, stream);
      }
    }
    batch.accumulate(*sample.field, powers, layout, sums);
  };
  const TreeSums sums = sum_over_draws(plan, layout.size(), pair_descents.chunk, communicator, kernel, advance);
  SampledStructureFunctions result;
  const auto draws = static_cast<double>(plan.draws);
  for (std::size_t p = 0; p < orders.size(); ++p)
    result.moments.push_back(sums.table_per_draw(p, draws, layout.pairs()));
  result.active_square = sums.table(layout.active_square(), layout.active_weight(), layout.walks());
  return result;
}

core::MemoryParts tree_pairs_memory(int dimensions, std::size_t orders, int trees, int scales) {
  constexpr double two_ends = 2, alive_and_dead = 2, grown_by_doubling = 1.5;
  const double pairs = alive_and_dead * scales * static_cast<double>(pair_descents.chunk);
  const double pair = two_ends * (dimensions * sizeof(core::Coordinate) + sizeof(double)) + sizeof(Pair);
  return core::together(
      {{"pairs of points", grown_by_doubling * pairs * pair}},
      core::together(draw_memory(trees, scales, Layout{orders}.size()), TreeDescent::memory(dimensions)));
}

} // namespace cascade::analysis
