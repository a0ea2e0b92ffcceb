#pragma once
// One realisation on a grid, as the grid estimators see it.

#include "core/grid/field.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace cascade::core {

/// For every point of this rank's box (same shape and order as one component of the field): the number of consecutive
/// alive levels above it, counted from level 0. The cell of level l that holds the point is alive iff depth > l.
using ActiveDepth = std::vector<std::uint8_t>;

struct GridSample {
  RealField field;
  std::optional<ActiveDepth> active{}; ///< absent for fields that fill space
  std::int64_t missing = 0;            ///< points without a value, over all ranks: their components are NaN
  std::optional<double> time{};        ///< of a snapshot, in the user's unit; absent for fields without one
};

} // namespace cascade::core
