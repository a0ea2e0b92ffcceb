#pragma once
// What a run will do and cost, known before anything is allocated.

#include "analysis/measurement/subject.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/machine.hpp"
#include "core/grid/domain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

struct PlanStage {
  std::string name;                ///< as progress and timing have it
  core::MemoryParts memory;        ///< all that is there at its peak, on the rank that needs most
  std::int64_t bytes_per_rank = 0; ///< the sum
  double work = 0;                 ///< in units of work_unit, all realisations and ranks
  std::string work_unit;
  double seconds = 0; ///< rough: rates of one core of 2020s make, times the ranks
};

/// Plain value, the same on every rank.
struct RunPlan {
  Machine machine;
  analysis::Subject subject;                        ///< the field, samples included
  std::optional<core::Decomposition> decomposition; ///< of a field on all ranks (D = 1: on one); absent without a grid
  int groups = 1;                                   ///< of ranks, each with realisations of its own
  int group_size = 1;                               ///< ranks in the smallest of them
  std::int64_t field_bytes_per_rank = 0;            ///< largest rank
  std::int64_t peak_bytes_per_rank = 0;
  std::vector<PlanStage> stages;
  double seconds = 0; ///< sum of the stages'

  const core::Decomposition* grid() const { return decomposition ? &*decomposition : nullptr; }
};

/// The step that makes a field on the grid.
inline constexpr const char* field_step = "field";

/// Local arithmetic, whether it fits into the machine's memory or not; nothing is allocated.
RunPlan lay_out(const RunConfig& config, const Machine& machine);

/// The same; throws DoesNotFit, or core::Error, of require_fit().
RunPlan make_plan(const RunConfig& config, const Machine& machine);

/// The configuration with the samples the plan chose in place of what was left to it: what an output calls resolved.
RunConfig resolved(RunConfig config, const RunPlan& plan);

} // namespace cascade::app
