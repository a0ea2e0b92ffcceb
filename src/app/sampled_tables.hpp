#pragma once
// Everything measured on the generator's point view, as tables by name.

#include "app/run_config.hpp"
#include "app/run_plan.hpp"
#include "app/table_set.hpp"
#include "core/progress.hpp"

namespace cascade::app {

/// Structure functions, alive cells and losses by descent of the trees: the tables "sampled/..." of table_set.hpp.
/// Empty when the input asks for no samples or the generator has no point view. Collective; the same on every rank,
/// independent of the rank count bit for bit.
TableSet measure_sampled(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                         const core::Communicator& communicator, core::Progress& progress);

/// The orders the sampled structure functions are measured for: those of the input, or 2 alone, which the fits need.
std::vector<double> sampled_orders(const RunConfig& config);

} // namespace cascade::app
