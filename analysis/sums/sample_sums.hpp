#pragma once
// Sums over sampled draws, by tree, spread over ranks, same bits at any rank count.

#include "analysis/sums/block_table.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"
#include "core/sums/exact_sum.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace cascade::analysis {

/// How many draws to make, and with which random numbers.
struct SamplingPlan {
  std::uint64_t seed = 1;
  int trees = 64;            ///< independent trees, the blocks of the jackknife
  std::int64_t draws = 1024; ///< walks per tree
  int scales = 16;           ///< largest j; scales are r = s = 2^-j, j = 1..scales
  int first_tree = 0;        ///< number of the first tree: a run can be sampled in ranges of trees
};

/// Plain sums of one chunk of draws of one tree: [observable][scale - 1].
class ChunkSums {
public:
  ChunkSums(std::size_t observables, int scales)
      : scales_(static_cast<std::size_t>(scales)), values_(observables * static_cast<std::size_t>(scales), 0.0) {}
  double& at(std::size_t observable, int scale) {
    return values_[observable * scales_ + static_cast<std::size_t>(scale - 1)];
  }
  const std::vector<double>& values() const { return values_; }

private:
  std::size_t scales_;
  std::vector<double> values_;
};

/// Reduced sums, equal on all ranks.
class TreeSums {
public:
  TreeSums(int trees, std::size_t observables, int scales, std::vector<double> values)
      : trees_(static_cast<std::size_t>(trees)), observables_(observables), scales_(static_cast<std::size_t>(scales)),
        values_(std::move(values)) {}
  double at(std::size_t tree, std::size_t observable, std::size_t scale_index) const {
    return values_[(tree * observables_ + observable) * scales_ + scale_index];
  }
  /// Table with x = 2^-j, sum from one observable and weight from another.
  BlockTable table(std::size_t observable, std::size_t weight, std::size_t count) const;
  /// Table whose weight is a constant (the number of draws): volume averages are divided by all draws.
  BlockTable table_per_draw(std::size_t observable, double draws, std::size_t count) const;

private:
  BlockTable empty_table(std::size_t count) const;
  std::size_t trees_, observables_, scales_;
  std::vector<double> values_;
};

/// One chunk: draws [first, last) of a tree of the ensemble; adds to the sums. Called on the rank that owns the chunk
/// only.
using ChunkKernel = std::function<void(int tree, std::int64_t first, std::int64_t last, ChunkSums& sums)>;

/// Cuts trees x draws into fixed chunks, deals the chunks to ranks in turn (trees differ in cost), and adds the chunks'
/// sums exactly. `advance` is told after each chunk what fraction of this rank's part is new. Collective.
TreeSums sum_over_draws(const SamplingPlan& plan, std::size_t observables, std::int64_t chunk,
                        const core::Communicator& communicator, const ChunkKernel& kernel,
                        const std::function<void(double)>& advance = {});

/// What sum_over_draws and the tables made of it take, whatever the kernel holds. Local.
core::MemoryParts draw_memory(int trees, int scales, std::size_t observables);

} // namespace cascade::analysis
