#pragma once
// The point-sampled half of a run: from tables to exponents.

#include "app/report.hpp"
#include "app/run_config.hpp"
#include "app/run_plan.hpp"
#include "app/table_set.hpp"
#include "core/communicator.hpp"

namespace cascade::app {

/// Fits every table of the point view (sampled_tables.hpp) and appends results and warnings; does nothing when there is
/// none. Nothing here is told d or h: corrections are placed by the roughness and codimension measured in the same
/// tables. Collective: the ranks share the fits; the same on every rank.
void fit_sampled_tables(const RunConfig& config, const RunPlan& plan, const TableSet& tables,
                        const core::Communicator& communicator, Report& report);

} // namespace cascade::app
