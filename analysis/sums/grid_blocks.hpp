#pragma once
// The sub-boxes of a grid over which errors are estimated: one sub-box is one block of a BlockTable.

#include "core/grid/domain.hpp"

namespace cascade::analysis {

/// The box cut into 4^3, 8^2 or 64 sub-boxes for D = 3, 2, 1, the same number B along every axis (fewer along an axis
/// with fewer points). A pair of points, or a cell, belongs to the block of its first point. Sub-box k along an axis
/// holds the points [ceil(k n / B), ceil((k+1) n / B)): point i lies in sub-box floor(i B / n). Value, local.
class GridBlocks {
public:
  explicit GridBlocks(const core::Domain& domain) : GridBlocks(domain, wanted(domain.dimensions())) {}
  /// Another number B of blocks a side.
  GridBlocks(const core::Domain& domain, int blocks);
  int per_side(int axis) const { return per_side_[static_cast<std::size_t>(axis)]; } ///< 1 on axes that are not there
  int count() const { return per_side(0) * per_side(1) * per_side(2); }
  /// Points of sub-box k along one axis.
  core::Range along(int axis, int k) const;
  int containing(int axis, core::Index i) const { return static_cast<int>(i * per_side(axis) / domain_.points(axis)); }
  /// Block number of the sub-box at (a, b, c) on axes 0, 1, 2: row-major.
  int number(int a, int b, int c) const { return (a * per_side(1) + b) * per_side(2) + c; }
  /// Points x of the block for which x + shift e_axis lies in the box: all of them along a periodic axis.
  core::Index pairs_in(int block, int axis, core::Index shift) const;

  /// Wanted number of blocks a side in D dimensions.
  static int wanted(int dimensions);

private:
  core::Domain domain_;
  std::array<int, 3> per_side_{1, 1, 1};
};

} // namespace cascade::analysis
