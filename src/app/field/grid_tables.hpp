#pragma once
// Everything measured on one field on the grid, as tables by name.

#include "app/field/table_set.hpp"
#include "app/input/field_config.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/talk/progress.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace cascade::app {

/// Refinement thresholds by degree and loss power: those of realisation 0 serve all, so that their tables can be
/// merged.
using Thresholds = std::map<std::pair<int, double>, std::vector<double>>;

/// Whether the input asks for adaptive partitions of the grid.
bool needs_thresholds(const RunConfig& config);
/// The thresholds behind a realisation's tables.
Thresholds thresholds_of(const RunConfig& config, const TableSet& tables);

/// Field number `realisation`, spread over the communicator's ranks. Throws core::Error(numerical_failure) for one with
/// values that are not finite. Collective.
core::GridSample make_field(const RunConfig& config, const solvers::Generator& generator, std::int64_t realisation,
                            const core::Communicator& communicator, core::Progress& progress);

/// Every table of one field. With 8 realisations or more each is one block of the jackknife, below that the blocks
/// within it are. Thresholds that are not given are chosen from the field. Collective; the same on every rank, and the
/// same bits at any number of ranks.
TableSet measure_field(const RunConfig& config, const core::GridSample& sample, std::int64_t realisation,
                       const Thresholds& thresholds, const core::Communicator& communicator, core::Progress& progress);

} // namespace cascade::app
