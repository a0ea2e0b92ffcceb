#pragma once
// The measuring half of a run: units dealt to groups of ranks, kept, gathered and merged in order.

#include "analysis/measurement/tables.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "app/store/unit_store.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/talk/progress.hpp"

#include <optional>

namespace cascade::app {

struct MeasuredUnits {
  analysis::TableSet tables;            ///< of all units, merged in their order
  std::optional<core::GridSample> last; ///< the last field (D >= 2) on all ranks, for output
};

/// Measures every unit that `store` does not have and merges all of them. Realisations on the grid are dealt to
/// plan.groups groups of ranks, what does not fill a round of them is done by all ranks together, as is all sampling;
/// the tables of a unit do not depend on who measured it, so that the result is the same for any grouping, bit for bit.
/// A finished unit is saved at once (`store` null: nothing is kept). Where a measurement wants the tables of
/// realisation 0 for all others, that one comes first, or is measured again where nobody has it. With a store, a signal
/// (core/ranks/stop_signals.hpp) ends the run between two units by Error(stopped). Damaged units are said and measured
/// again. Collective; the same on every rank.
MeasuredUnits measure(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                      const core::Communicator& communicator, core::Progress& progress, const UnitStore* store);

/// Measures the units of one part and keeps them in `store`, nothing else. Collective.
void measure_part(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                  const core::Communicator& communicator, core::Progress& progress, const UnitStore& store,
                  const Part& part);

} // namespace cascade::app
