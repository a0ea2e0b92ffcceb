#pragma once
// Alive cells level by level, from counted boxes.

#include "analysis/sums/block_table.hpp"
#include "theory/finite_size.hpp"

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// N_l, l = 0, 1, ... down to cells of two points: `counts` are those of the table's rows (its mean, say), `points` a
/// side of the grid.
theory::Activity activity_of(const BlockTable& cells, const std::vector<double>& counts, std::int64_t points);

} // namespace cascade::analysis
