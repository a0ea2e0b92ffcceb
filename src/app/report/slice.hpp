#pragma once
// A picture of the field: small, gathered from the ranks that own it.

#include "core/grid/grid_sample.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace cascade::app {

/// Values of component 0 on one plane of axis 0 (D = 3), on the whole field (D = 2), or along the line (D = 1,
/// one row), every `stride`-th point of it. Row-major, shape (rows, columns); columns run along the last axis, x.
struct Slice {
  static constexpr core::Index largest_side = 512;   ///< D = 2, 3
  static constexpr core::Index longest_line = 16384; ///< D = 1
  core::Index rows = 0, columns = 0;
  core::Index stride = 1;
  double spacing = 0;               ///< between neighbouring columns, in units of length (box sides for a unit cube)
  double row_spacing = 0;           ///< between neighbouring rows
  double position = 0;              ///< coordinate of the plane along axis 0 (D = 3)
  std::vector<double> values;       ///< rows * columns
  std::vector<double> active_depth; ///< alive levels above each point; empty for fields that fill space
};

/// The plane is a third of the way up, not in the middle: there the cells of every level of a cascade meet, and all
/// its eddies vanish.
/// Collective; every rank gets the slice (at most 2 MiB; nothing of global size is gathered).
Slice field_slice(const core::GridSample& sample, const core::Communicator& communicator);

} // namespace cascade::app
