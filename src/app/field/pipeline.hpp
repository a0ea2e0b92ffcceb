#pragma once
// The run itself: fields, estimators, fits, comparison with theory.

#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "app/report/report.hpp"
#include "app/store/unit_store.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/talk/progress.hpp"

#include <optional>

namespace cascade::app {

struct PipelineResult {
  Report report;
  std::optional<core::GridSample> field; ///< the last gridded field, for output
};

/// Runs every stage the input asks for; the report is complete but for the output's own time. Theory enters in the last
/// step only. Units of the measuring that `store` holds are taken from it, and finished ones put there; null: nothing
/// is kept. Collective; the report is the same on every rank.
PipelineResult run_pipeline(const RunConfig& config, const RunPlan& plan, const core::Communicator& communicator,
                            core::Progress& progress, const UnitStore* store = nullptr);

} // namespace cascade::app
