#pragma once
// Everything measured on cells and pairs of scattered points, as tables by name.

#include "app/field/sampled_tables.hpp"

#include <string>

namespace cascade::app {

/// Structure functions of a generator whose point view is scattered(): "scattered/zeta/..." of table_set.hpp. Blocks =
/// realisations, the same whatever the range. Collective; the same on every rank, independent of the rank count bit for
/// bit.
TableSet measure_scattered_pairs(const RunConfig& config, const SamplingChoice& choice,
                                 const solvers::Generator& generator, TreeRange realisations,
                                 const core::Communicator& communicator, const Advance& advance = {});

/// Losses and, where there is a tree, alive cells: "scattered/loss/...", "scattered/cells". Beside what the input asks
/// for there is always the mean-square loss of every degree and of degree 0, which place the corrections of the fits.
/// Collective, as measure_scattered_pairs().
TableSet measure_scattered_cells(const RunConfig& config, const SamplingChoice& choice,
                                 const solvers::Generator& generator, TreeRange realisations,
                                 const core::Communicator& communicator, const Advance& advance = {});

/// "scattered/loss/<degree>/<power>"
std::string scattered_loss_name(std::int64_t degree, double power);

} // namespace cascade::app
