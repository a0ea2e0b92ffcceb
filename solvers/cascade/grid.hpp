#pragma once
// Grid view of a cascade: each rank fills its own box, without communication.

#include "core/grid/grid_sample.hpp"
#include "solvers/cascade/tree.hpp"

namespace cascade::solvers {

/// Adds the eddies of all levels of `rules` (rules.levels <= grid_levels(n)) on this rank's box of the field and
/// records the number of alive levels above every point. Local. The sum at a point runs from level 0 downwards whatever
/// the box, so that the bits do not depend on the decomposition.
void fill_cascade(const CascadeRules& rules, core::RealField& field, core::ActiveDepth& depth);

/// Tables of that on a grid of so many points a side. Local.
double profile_bytes(core::Index points);

} // namespace cascade::solvers
