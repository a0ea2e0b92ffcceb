#include "analysis/sums/sample_sums.hpp"

#include "core/grid/domain.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

BlockTable TreeSums::empty_table(std::size_t count) const {
  BlockTable t;
  t.sum.assign(trees_, std::vector<double>(scales_));
  t.weight.assign(trees_, std::vector<double>(scales_));
  for (std::size_t s = 0; s < scales_; ++s) {
    t.x.push_back(std::exp2(-static_cast<double>(s + 1)));
    double total = 0;
    for (std::size_t tree = 0; tree < trees_; ++tree)
      total += at(tree, count, s);
    t.count.push_back(total);
  }
  return t;
}

BlockTable TreeSums::table(std::size_t observable, std::size_t weight, std::size_t count) const {
  BlockTable t = empty_table(count);
  for (std::size_t tree = 0; tree < trees_; ++tree)
    for (std::size_t s = 0; s < scales_; ++s) {
      t.sum[tree][s] = at(tree, observable, s);
      t.weight[tree][s] = at(tree, weight, s);
    }
  return t;
}

BlockTable TreeSums::table_per_draw(std::size_t observable, double draws, std::size_t count) const {
  BlockTable t = empty_table(count);
  for (std::size_t tree = 0; tree < trees_; ++tree)
    for (std::size_t s = 0; s < scales_; ++s) {
      t.sum[tree][s] = at(tree, observable, s);
      t.weight[tree][s] = draws;
    }
  return t;
}

TreeSums sum_over_draws(const SamplingPlan& plan, std::size_t observables, std::int64_t chunk,
                        const core::Communicator& communicator, const ChunkKernel& kernel,
                        const std::function<void(double)>& advance) {
  const std::int64_t per_tree = (plan.draws + chunk - 1) / chunk;
  const std::size_t width = observables * static_cast<std::size_t>(plan.scales);
  std::vector<core::ExactSum> sums(static_cast<std::size_t>(plan.trees) * width);
  const std::int64_t chunks = per_tree * plan.trees, ranks = communicator.size(), rank = communicator.rank();
  const std::int64_t mine = (chunks - rank + ranks - 1) / ranks; // dealt in turn: chunk c to rank c mod ranks
  communicator.agree([&] {
    for (std::int64_t c = rank; c < chunks; c += ranks) {
      const auto tree = static_cast<int>(c / per_tree);
      const std::int64_t first = c % per_tree * chunk;
      ChunkSums part(observables, plan.scales);
      kernel(plan.first_tree + tree, first, std::min(first + chunk, plan.draws), part);
      for (std::size_t i = 0; i < width; ++i)
        sums[static_cast<std::size_t>(tree) * width + i].add(part.values()[i]);
      if (advance)
        advance(1.0 / static_cast<double>(mine));
    }
  });
  communicator.sum(std::span<core::ExactSum>(sums));
  std::vector<double> values;
  values.reserve(sums.size());
  for (const auto& s : sums)
    values.push_back(s.value());
  return TreeSums(plan.trees, observables, plan.scales, std::move(values));
}

core::MemoryParts draw_memory(int trees, int scales, std::size_t observables) {
  constexpr double value_and_tables = 3 * sizeof(double);
  const double sums = static_cast<double>(trees) * scales * static_cast<double>(observables);
  return {{"exact sums of draws", sums * (sizeof(core::ExactSum) + value_and_tables)}};
}

} // namespace cascade::analysis
