#pragma once
// Everything measured on the grid, as tables by name, one realisation after another.

#include "app/run_config.hpp"
#include "app/run_plan.hpp"
#include "app/table_set.hpp"
#include "core/grid_sample.hpp"
#include "core/progress.hpp"

#include <optional>

namespace cascade::app {

struct GridMeasurement {
  TableSet tables;
  std::optional<core::GridSample> last; ///< the last field (D >= 2), for output
};

/// Generates and measures every realisation. D >= 2: all ranks on one field at a time; D = 1: whole fields dealt to the
/// ranks, tables gathered in the order of the realisations, so that the result is the same at any rank count. With 8
/// realisations or more each is one block of the jackknife, below that the blocks within each are. Collective.
GridMeasurement measure_grid(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                             const core::Communicator& communicator, core::Progress& progress);

} // namespace cascade::app
