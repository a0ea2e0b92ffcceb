#pragma once
// Every measurement of one unit, one after the other.

#include "analysis/measurement/tables.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/work_unit.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/talk/progress.hpp"

namespace cascade::app {

/// Of the tables of a grid beside those of the measurements: one "points", the missing ones and all, where any miss.
inline constexpr const char* missing_values = "missing_values";
/// Of a field from outside: "neighbours", rows equal neighbours along the last axis, the smallest difference of others,
/// and the sum of squares; weights are pairs.
inline constexpr const char* rounded_values = "rounded_values";

/// Refers to its arguments; local but for what it says of itself. The tables it makes are equal on all ranks and the
/// same bits at any number of them.
class UnitMeter {
public:
  UnitMeter(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
            core::Progress& progress);

  /// Field number `realisation`, spread over the communicator's ranks. Throws core::Error(numerical_failure) for one
  /// with values that are not finite. Collective.
  core::GridSample make_field(std::int64_t realisation, const core::Communicator& ranks) const;

  /// Every table of one field. With 8 realisations or more each is one block of the jackknife, below that the blocks
  /// within it are. `pilot`: the tables of realisation 0, where they are needed and this is another. Collective.
  analysis::TableSet measure_grid(const core::GridSample& sample, std::int64_t realisation,
                                  const analysis::TableSet* pilot, const core::Communicator& ranks) const;

  /// Every table of the trees of a unit of the point view. Collective.
  analysis::TableSet measure_points(const WorkUnit& unit, const core::Communicator& ranks) const;

  /// Whether realisations need the tables of realisation 0.
  bool wants_pilot() const;

private:
  const RunPlan& plan_;
  const solvers::Generator& generator_;
  core::Progress& progress_;
  std::vector<ChosenMeasurement> on_grid_, on_points_;
};

} // namespace cascade::app
