#pragma once
// The point-sampled half of a run: descents, fits, results.

#include "app/report.hpp"
#include "app/run_config.hpp"
#include "app/run_plan.hpp"
#include "core/progress.hpp"

namespace cascade::app {

/// Measures and fits everything the input asks for on the generator's point view and appends results and warnings.
/// Nothing here is told d or h: corrections are placed by the roughness and codimension measured in the same run.
/// Collective; the same on every rank.
void run_sampled_stage(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                       const core::Communicator& communicator, core::Progress& progress, Report& report);

} // namespace cascade::app
