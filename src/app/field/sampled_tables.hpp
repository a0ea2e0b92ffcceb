#pragma once
// Everything measured on the generator's point view, as tables by name.

#include "app/field/table_set.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "core/ranks/communicator.hpp"

#include <functional>
#include <vector>

namespace cascade::app {

/// Trees [first, first + count) of the ensemble.
struct TreeRange {
  int first = 0, count = 0;
};
using Advance = std::function<void(double)>; ///< told what fraction of the work is new

/// Structure functions and alive cells by descent of the trees: "sampled/zeta/...", "sampled/active_square",
/// "sampled/cells" of table_set.hpp. Collective; the same on every rank, independent of the rank count bit for bit.
TableSet measure_pairs(const RunConfig& config, const SamplingChoice& choice, const solvers::Generator& generator,
                       TreeRange trees, const core::Communicator& communicator, const Advance& advance = {});

/// Losses on cells drawn by descent: "sampled/loss/...", "sampled/loss_cells". Collective, as measure_pairs().
TableSet measure_cells(const RunConfig& config, const SamplingChoice& choice, const solvers::Generator& generator,
                       TreeRange trees, const core::Communicator& communicator, const Advance& advance = {});

/// The orders the sampled structure functions are measured for: those of the input, or 2 alone, which the fits need.
std::vector<double> sampled_orders(const RunConfig& config);

} // namespace cascade::app
