#pragma once
// The point-sampled half of a run: from tables to exponents.

#include "app/field/measured.hpp"
#include "app/field/table_set.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "core/ranks/communicator.hpp"

namespace cascade::app {

/// Fits every table of the point view (sampled_tables.hpp) and appends results and warnings; does nothing when there is
/// none. Nothing here is told d or h: corrections are placed by the roughness and codimension measured in the same
/// tables. Collective: the ranks share the fits; the same on every rank.
void fit_sampled_tables(const RunConfig& config, const RunPlan& plan, const TableSet& tables,
                        const core::Communicator& communicator, Fitted& fitted);

} // namespace cascade::app
