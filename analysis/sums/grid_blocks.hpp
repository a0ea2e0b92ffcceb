#pragma once
// The sub-cubes of a grid over which errors are estimated: one sub-cube is one block of a BlockTable.

#include "core/grid/domain.hpp"

namespace cascade::analysis {

/// The periodic box cut into per_side^D sub-cubes: 4^3, 8^2 or 64 of them for D = 3, 2, 1 (fewer on a grid with fewer
/// points a side). A pair of points, or a cell, belongs to the block of its first point. Sub-cube k along an axis holds
/// the points [ceil(k n / B), ceil((k+1) n / B)): point i lies in sub-cube floor(i B / n). Value, local.
class GridBlocks {
public:
  explicit GridBlocks(const core::Domain& domain);
  int per_side() const { return per_side_; }
  int count() const { return count_; } ///< per_side^D
  /// Points of sub-cube k along one axis.
  core::Range along(int k) const;
  int containing(core::Index i) const { return static_cast<int>(i * per_side_ / points_); }
  /// Block number of the sub-cube at (a, b, c) on axes 0, 1, 2 (0 on axes the domain does not have): row-major.
  int number(int a, int b, int c) const { return (a * per_side_ + b) * per_side_ + c; }
  core::Index points_in(int block) const;

  /// Wanted number of blocks a side in D dimensions.
  static int wanted(int dimensions);

private:
  int dimensions_;
  core::Index points_;
  int per_side_;
  int count_ = 1;
};

} // namespace cascade::analysis
