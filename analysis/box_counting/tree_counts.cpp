#include "analysis/box_counting/tree_counts.hpp"

#include <cstddef>

namespace cascade::analysis {

BlockTable count_alive_cells(const core::PointSource& source, const SamplingPlan& plan, const Descents& descents,
                             const core::Communicator& communicator, const std::function<void(double)>& advance) {
  constexpr std::size_t cells = 0, walks = 1, observables = 2;
  const ChunkKernel kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
    const core::PointSample sample = source(tree);
    TreeDescent walk(*sample.tree);
    for (std::int64_t draw = first; draw < last; ++draw) {
      DrawStream stream(plan.seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw),
                        descents.purpose);
      walk.walk(stream, plan.scales);
      for (int j = 1; j <= walk.reached(); ++j) {
        sums.at(cells, j) += walk.node(j).count_weight;
        sums.at(walks, j) += 1;
      }
    }
  };
  const TreeSums sums = sum_over_draws(plan, observables, descents.chunk, communicator, kernel, advance);
  return sums.table_per_draw(cells, static_cast<double>(plan.draws), walks);
}

core::MemoryParts alive_cells_memory(int trees, int scales, int dimensions) {
  constexpr std::size_t cells_and_walks = 2;
  return core::together(draw_memory(trees, scales, cells_and_walks), TreeDescent::memory(dimensions));
}

} // namespace cascade::analysis
