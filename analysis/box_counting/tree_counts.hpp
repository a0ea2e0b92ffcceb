#pragma once
// Number of alive cells of a tree, level by level.

#include "analysis/sums/sample_sums.hpp"
#include "analysis/sums/tree_descent.hpp"
#include "core/points/point_sample.hpp"

#include <functional>

namespace cascade::analysis {

/// N_j, the mean number of alive cells of level j per tree, by descents (tree_descent.hpp): E prod c_l. Table: x = s =
/// 2^-j, j = 1..plan.scales, blocks = trees, sums divided by all draws, count = descents that got there. `descents`
/// says which walks: with the plan of structure functions or of scattered cells, theirs are walked once more. Fields
/// with a tree. Collective; equal on all ranks, independent of the rank count bit for bit.
BlockTable count_alive_cells(const core::PointSource& source, const SamplingPlan& plan, const Descents& descents,
                             const core::Communicator& communicator, const std::function<void(double)>& advance = {});

/// What that takes, for so many trees at a time. Local.
core::MemoryParts alive_cells_memory(int trees, int scales, int dimensions);

} // namespace cascade::analysis
