#pragma once
// Every measured curve beside its exact expectation.

#include "analysis/measurement/tables.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "app/report/report.hpp"

namespace cascade::app {

/// Fills `expected` of every result whose curve the generator can predict exactly, row by row of the table behind it
/// (Curve::origin), and its `test`: Hotelling's T^2 over the realisations (grid) or trees (samples), chi^2 of the
/// levels for counted activity; where there is none, test.note says why. What is expected of a result is its
/// measurement's to say (MeasurementEntry::expected). The generator's own parameters enter, also when the input
/// declares another theory. `grid_cells`: the counted N(s) of the grid's active set, null where there is none. Never
/// changes a measured number. Collective; the same on every rank.
void attach_expectations(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                         const core::Communicator& communicator, const analysis::TableSet& tables,
                         const analysis::BlockTable* grid_cells, Report& report);

/// One view's results against one expectation; others are left alone. Local.
void attach_expectation(const analysis::Subject& subject, analysis::View view, const theory::Expectation& expectation,
                        const analysis::TableSet& tables, const analysis::BlockTable* cells,
                        std::vector<Judged>& results);

} // namespace cascade::app
