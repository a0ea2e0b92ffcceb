#pragma once
// Axes of a box that may be averaged over together.

#include "core/grid/domain.hpp"

#include <vector>

namespace cascade::analysis {

/// The axes with the most common spacing (to one part in 1e9), of as many the finest: separations along them are
/// lengths of one set. Local.
std::vector<int> even_axes(const core::Domain& domain);
/// Whether these are all that are there.
bool evenly_spaced(const core::Domain& domain);
/// Points of the shortest of them.
core::Index fewest_points(const core::Domain& domain, const std::vector<int>& axes);

} // namespace cascade::analysis
