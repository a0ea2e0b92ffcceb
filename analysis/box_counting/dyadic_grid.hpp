#pragma once
// The dyadic cells of a grid and the blocks that hold them.

#include "core/grid/redistribute.hpp"

#include <algorithm>

namespace cascade::analysis {

/// Cells of level j = 0, 1, ... levels()-1: the box cut into 2^j cells a side, each of side(j) = n / 2^j points. A
/// level exists while 2^j divides n and a cell has at least `smallest_side` points a side. The blocks are the cells of
/// level block_level(): the largest power of two of them that divides n, at most 4, 8, 64 a side for D = 3, 2, 1 (as
/// GridBlocks). Cells and blocks are numbered row-major, last axis fastest. Value, local.
class DyadicGrid {
public:
  DyadicGrid(const core::BlockLayout& layout, core::Index smallest_side);
  static core::BlockLayout block_layout(const core::Domain& domain);

  const core::BlockLayout& layout() const { return layout_; }
  int dimensions() const { return layout_.domain().dimensions(); }
  int levels() const { return levels_; }
  int block_level() const { return block_level_; }
  int coarse_levels() const { return std::min(levels_, block_level_); } ///< levels whose cells are larger than a block
  core::Index side(int level) const { return layout_.domain().points() >> level; }
  double relative_side(int level) const; ///< side / n = 2^-level
  core::Index cells(int level) const { return core::Index{1} << (dimensions() * level); }
  core::Index points_per_cell(int level) const { return layout_.domain().total_points() / cells(level); }

  /// Cell of a level <= block_level() that holds the block, and the index of the block's first point within that cell.
  core::Index cell_of_block(core::Index block, int level) const;
  core::Index3 offset_in_cell(core::Index block, int level) const;
  core::Index blocks_per_cell(int level) const { return layout_.blocks() / cells(level); }
  bool holds_first_point(core::Index block, int level) const; ///< does the cell's first point lie in this block?

private:
  core::BlockLayout layout_;
  int levels_ = 0;
  int block_level_ = 0;
};

/// Parent of cell `cell` among 2^level cells a side in D dimensions, as a cell of the level above.
core::Index parent_cell(int dimensions, int level, core::Index cell);

} // namespace cascade::analysis
