#pragma once
// The steps of a run with what is there in each of them.

#include "app/plan/plan.hpp"

#include <cstdint>
#include <vector>

namespace cascade::app {

/// Making and measuring fields on the grid, in groups of `size` ranks; the plan's subject, machine, decomposition and
/// groups are known. Local.
std::vector<PlanStage> grid_stages(const RunConfig& config, const RunPlan& plan, int size);

/// What comes after them: the point view, fits, exact expectations, the report. Local.
std::vector<PlanStage> later_stages(const RunConfig& config, const RunPlan& plan);

/// Of the step that needs most.
std::int64_t peak_bytes(const std::vector<PlanStage>& stages);

} // namespace cascade::app
