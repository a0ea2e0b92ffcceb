#pragma once
// From tables to results: the fits of every measurement, view by view.

#include "analysis/measurement/dataset.hpp"
#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/result.hpp"
#include "analysis/measurement/tables.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// What the fits of a run give: results to be judged, and what a reader must know.
struct Fitted {
  std::vector<analysis::Result> results;
  std::vector<std::string> warnings;
  std::vector<analysis::Missed> missed;
  analysis::Datasets datasets; ///< for results.h5
  analysis::TableSet derived;  ///< from those measured, for expectations to be laid on
  analysis::Findings on_grid;  ///< refers to the tables
};

/// Fits every table and appends results and warnings, grid first. Of each view all measurements first say what they
/// found (Measurement::find), then those asked for fit, in the order of their table. Where the generator has
/// finite-size curves with h left free the grid's fits get them; nothing else of the generator reaches a fit. `tables`
/// must outlive the result. Collective: the ranks share the fits; the same on every rank, bit for bit at any number of
/// them.
Fitted fit_tables(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                  const analysis::TableSet& tables, const core::Communicator& communicator);

} // namespace cascade::app
