#include "analysis/box_counting/dyadic_grid.hpp"

#include "analysis/sums/grid_blocks.hpp"

#include <cmath>
#include <stdexcept>

namespace cascade::analysis {

using core::Index;
using core::Index3;

DyadicGrid::DyadicGrid(const core::BlockLayout& layout, Index smallest_side) : layout_(layout) {
  const Index n = layout.domain().points();
  while ((n >> levels_) << levels_ == n && (n >> levels_) >= smallest_side)
    ++levels_;
  while (Index{1} << block_level_ < layout.blocks_per_side())
    ++block_level_;
  if (Index{1} << block_level_ != layout.blocks_per_side())
    throw std::invalid_argument("DyadicGrid: the number of blocks a side must be a power of two");
}

core::BlockLayout DyadicGrid::block_layout(const core::Domain& domain) {
  Index per_side = 1;
  while (2 * per_side <= GridBlocks::wanted(domain.dimensions()) && domain.points() % (2 * per_side) == 0)
    per_side *= 2;
  return core::BlockLayout(domain, per_side);
}

double DyadicGrid::relative_side(int level) const {
  return std::ldexp(1.0, -level);
}

Index DyadicGrid::cell_of_block(Index block, int level) const {
  const Index3 origin = layout_.origin(block);
  Index cell = 0;
  for (int a = 3 - dimensions(); a < 3; ++a)
    cell = (cell << level) + origin[static_cast<std::size_t>(a)] / side(level);
  return cell;
}

Index3 DyadicGrid::offset_in_cell(Index block, int level) const {
  Index3 offset = layout_.origin(block);
  for (Index& i : offset)
    i %= side(level);
  return offset;
}

bool DyadicGrid::holds_first_point(Index block, int level) const {
  return offset_in_cell(block, level) == Index3{0, 0, 0};
}

Index parent_cell(int dimensions, int level, Index cell) {
  Index parent = 0;
  for (int a = dimensions - 1; a >= 0; --a) { // axis by axis, the slowest first
    const Index i = cell >> (a * level) & ((Index{1} << level) - 1);
    parent = parent << (level - 1) | i >> 1;
  }
  return parent;
}

} // namespace cascade::analysis
