#pragma once
// The grid half of a run: from tables to exponents.

#include "app/field/grid_tables.hpp"
#include "app/field/measured.hpp"

namespace cascade::app {

/// Fits every table of the grid and appends results and warnings. Where the generator has exact finite-size curves they
/// are fitted with amplitude and roughness free, given the activity counted in the field; otherwise power laws with the
/// known corrections. Nothing here is told d or h. Local; the same on every rank.
void fit_grid_tables(const RunConfig& config, const solvers::Generator& generator, const TableSet& tables,
                     Fitted& fitted);

} // namespace cascade::app
