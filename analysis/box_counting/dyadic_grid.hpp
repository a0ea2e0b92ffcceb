#pragma once
// The dyadic cells of a grid and the blocks that hold them.

#include "core/grid/redistribute.hpp"

#include <algorithm>

namespace cascade::analysis {

/// Cubic cells (as many points along every axis) of level j = 0, 1, ... levels()-1, each of side(j) = S / 2^j points,
/// that tile roots() cubes of S points a side. A level exists while 2^j divides S and a cell has at least
/// `smallest_side` points a side. The blocks are the cells of level block_level(). Cells and blocks are numbered
/// row-major, last axis fastest. Value, local.
///
/// Roots lie side by side from the first point on; what is left at the end of an axis belongs to no cell. A box with
/// n = 2^k points along all axes is one root, S = n; where n is another, as much of it as has many halvings
/// (DyadicGrid::block_layout).
class DyadicGrid {
public:
  DyadicGrid(const core::BlockLayout& layout, core::Index smallest_side);
  /// The S for which (number of sides S/2^j from two points to a quarter of the shortest axis, down to the last whole
  /// halving) x (share of the points covered) is largest, of equals the largest: n = 1000 gives 5 roots of 192, n =
  /// 99999 one of 98304, n = 2^k itself. Fewer than 64 points are too few for an
  /// exponent: all halvings count, and as many points along all axes are one root. Blocks: S halved once and
  /// until there are 4^3, 8^2, 64 of them for D = 3, 2, 1 (as GridBlocks), as far as two divides S. Refused, with the
  /// axis, where more than 16 times as many roots would be needed.
  static core::BlockLayout block_layout(const core::Domain& domain);

  const core::BlockLayout& layout() const { return layout_; }
  int dimensions() const { return layout_.domain().dimensions(); }
  int levels() const { return levels_; }
  int block_level() const { return block_level_; }
  int coarse_levels() const { return std::min(levels_, block_level_); } ///< levels whose cells are larger than a block
  core::Index roots() const { return layout_.blocks() >> (dimensions() * block_level_); }
  core::Index side(int level) const { return root_side() >> level; }
  /// A cell's side as a length, (volume)^(1/D): with all spacings dx equal, side(level) dx.
  double length(int level) const;
  core::Index cells(int level) const { return roots() << (dimensions() * level); }
  core::Index points_per_cell(int level) const { return layout_.covered_points() / cells(level); }

  /// Cell of a level <= block_level() that holds the block, and the index of the block's first point within that cell.
  core::Index cell_of_block(core::Index block, int level) const;
  core::Index3 offset_in_cell(core::Index block, int level) const;
  core::Index blocks_per_cell(int level) const { return layout_.blocks() / cells(level); }
  bool holds_first_point(core::Index block, int level) const; ///< does the cell's first point lie in this block?

private:
  core::Index root_side() const { return layout_.side() << block_level_; }

  core::BlockLayout layout_;
  int levels_ = 0;
  int block_level_ = 0;
};

/// Parent of cell `cell` among 2^level cells a side in D dimensions, as a cell of the level above.
core::Index parent_cell(int dimensions, int level, core::Index cell);

} // namespace cascade::analysis
