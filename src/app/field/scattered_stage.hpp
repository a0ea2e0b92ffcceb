#pragma once
// The point view in many dimensions: exponents of what cells and pairs of scattered points show.

#include "app/field/measured.hpp"
#include "app/field/table_set.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"

namespace cascade::app {

/// Fits every table "scattered/..." (scattered_tables.hpp) and appends results and warnings; does nothing when there is
/// none. Corrections are placed by the roughness measured in the same tables, never by the generator's h. N is counted
/// where there is a tree, geometry on fields that fill space, and the generator's own 2^(d j) where neither is
/// possible: the result says which. Local; the same on every rank.
void fit_scattered_tables(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                          const TableSet& tables, Fitted& fitted);

} // namespace cascade::app
