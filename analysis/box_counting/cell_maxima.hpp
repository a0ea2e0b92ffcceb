#pragma once
// Largest value of a byte per point over every dyadic cell: what box counting and active averages are made of.

#include "analysis/box_counting/dyadic_grid.hpp"
#include "core/ranks/communicator.hpp"

#include <vector>

namespace cascade::analysis {

/// Maxima over the cells of DyadicGrid(layout, 1), down to the smallest dyadic cells (single points when n is a power
/// of two). A cell of level l is alive iff its maximal ActiveDepth exceeds l; for the cascade's own cells every point
/// says the same, for a shifted partition one alive point suffices (a box counts if it holds part of the set).
class CellMaxima {
public:
  CellMaxima(const core::BlockDepth& values, const core::Communicator& communicator); ///< collective
  const DyadicGrid& grid() const { return grid_; }
  core::Range owned() const { return values_.owned(); }
  /// Cells larger than a block, level < grid().coarse_levels(): all of them, equal on all ranks.
  const std::vector<std::uint8_t>& coarse(int level) const { return coarse_[static_cast<std::size_t>(level)]; }
  /// Cells of local block `i`: [level - block_level][cell within the block, row-major]. Local call.
  std::vector<std::vector<std::uint8_t>> block(core::Index i) const;

private:
  const core::BlockDepth& values_;
  DyadicGrid grid_;
  std::vector<std::vector<std::uint8_t>> coarse_;
};

} // namespace cascade::analysis
