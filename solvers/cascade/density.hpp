#pragma once
// The density of a multiplicative cascade on a grid: a measure, cell by cell.

#include "core/grid/grid_sample.hpp"
#include "solvers/cascade/tree.hpp"

namespace cascade::solvers {

/// Every point of the grid gets the product of the factors W on the way to its cell of level rules.levels - 1, whose
/// side is one point: the mean density there of the measure that the cascade makes down to that level. `depth` as
/// fill_cascade(). Local; the same bits whatever the decomposition.
void fill_density(const CascadeRules& rules, core::RealField& field, core::ActiveDepth& depth);

} // namespace cascade::solvers
