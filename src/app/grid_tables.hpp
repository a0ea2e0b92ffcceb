#pragma once
// Everything measured on the grid, as tables by name, one realisation after another.

#include "analysis/block_table.hpp"
#include "app/run_config.hpp"
#include "app/run_plan.hpp"
#include "core/grid_sample.hpp"
#include "core/progress.hpp"

#include <map>
#include <optional>
#include <string>

namespace cascade::app {

/// Tables by name:
///   "zeta/<kind>/<order>"                          S_p(r)
///   "spectrum", "spectrum_error"                   E(k) and its standard error; x = mean |k|, count = modes
///   "cells", "set/<threshold>"                     N(s) of the active set and of threshold sets
///   "uniform/<degree>/<q>/volume|active"           losses, x = s
///   "adaptive/<degree>/<q>/pieces|loss"            N(tau), L(tau), x = tau
using TableSet = std::map<std::string, analysis::BlockTable>;

struct GridMeasurement {
  TableSet tables;
  std::optional<core::GridSample> last; ///< the last field (D >= 2), for output
};

std::string table_name(const std::string& stage, const std::string& a, const std::string& b = "",
                       const std::string& c = "");

/// Generates and measures every realisation. D >= 2: all ranks on one field at a time; D = 1: whole fields dealt to the
/// ranks, tables gathered in the order of the realisations, so that the result is the same at any rank count. With 8
/// realisations or more each is one block of the jackknife, below that the blocks within each are. Collective.
GridMeasurement measure_grid(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                             const core::Communicator& communicator, core::Progress& progress);

} // namespace cascade::app
