#pragma once
// What a run will do and cost, known before anything is allocated.

#include "app/input/field_config.hpp"
#include "core/grid/domain.hpp"
#include "core/ranks/communicator.hpp"
#include "core/talk/errors.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// What the machine offers: the part of a plan that is not arithmetic.
struct Machine {
  int ranks = 1;
  int ranks_per_node = 1;
  std::int64_t node_bytes = 0; ///< memory still free on the tightest node
  std::string memory_source;   ///< who says so
};

/// Collective; the same on every rank.
Machine describe_machine(const core::Communicator& communicator);

struct PlanStage {
  std::string name;
  std::int64_t bytes_per_rank = 0; ///< peak while it runs, field included, largest rank
  double work = 0;                 ///< in units of work_unit, all realisations and ranks
  std::string work_unit;
  double seconds = 0; ///< rough: rates of one core of 2020s make, times the ranks
};

/// Samples of the point-sampled method, all decided.
struct SamplingChoice {
  int levels = 0; ///< of the point view; 0 = the generator has none
  int trees = 0;
  std::int64_t pairs = 0; ///< per tree and separation
  std::int64_t cells = 0; ///< per tree and scale
  int scales = 0;         ///< finest separation and cell side 2^-scales
  int lattice = 0;        ///< points per cell and side
  int points = 0;         ///< scattered points per cell; 0 = the cells have lattices
};

/// Plain value, the same on every rank.
struct RunPlan {
  Machine machine;
  std::optional<core::Decomposition> decomposition; ///< of a field on all ranks (D = 1: on one); absent without a grid
  int groups = 1;                                   ///< of ranks, each with realisations of its own
  int group_size = 1;                               ///< ranks in the smallest of them
  std::int64_t realisations = 1;
  std::int64_t field_bytes_per_rank = 0; ///< largest rank
  std::int64_t peak_bytes_per_rank = 0;
  SamplingChoice sampling;
  std::vector<PlanStage> stages;
  double seconds = 0; ///< sum of the stages'
};

/// More memory would be needed than the ranks have: with more of them it may fit.
class DoesNotFit : public core::Error {
public:
  explicit DoesNotFit(const std::string& message) : core::Error(core::ExitCode::bad_input, message) {}
};

/// Local arithmetic. Throws DoesNotFit, naming field.points, when the grid does not fit into the machine's memory;
/// core::Error(bad_input) for samples that cannot carry what is fitted to them.
RunPlan make_plan(const RunConfig& config, const Machine& machine);

/// The configuration with the samples the plan chose in place of what was left to it: what an output calls resolved.
RunConfig resolved(RunConfig config, const RunPlan& plan);

/// What --dry-run prints.
std::string to_text(const RunPlan& plan, const RunConfig& config, const std::string& directory);

/// "1.5 GiB".
std::string format_bytes(std::int64_t bytes);

} // namespace cascade::app
