#pragma once
// Whole runs small enough for a unit test, and every number of their reports in one row.

#include "app/field/pipeline.hpp"
#include "support/same_bits.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace cascade::test {

/// A cascade in two dimensions: 64^2 grid, point view of 20 levels, 16 trees.
inline const std::string tiny_input = R"(
run: {name: tiny, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 64, virtual_levels: 20}
analysis: {structure_function: {orders: [1, 2]}, spectrum: {}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2], pieces: 16, averages: [volume, active]}
sampling: {trees: 16, pairs: 192, cells: 64}
)";

inline app::RunConfig config_of(const std::string& text, const std::vector<core::Setting>& settings = {}) {
  return app::load_config(app::parse_input({"tiny.yaml", text, settings, false}));
}

inline app::Report run(const app::RunConfig& config, const core::Communicator& communicator) {
  const app::Machine machine{communicator.size(), communicator.size(), std::int64_t{64} << 30, "a test"};
  core::Progress progress(core::Progress::Style::silent);
  return app::run_pipeline(config, app::make_plan(config, machine), communicator, progress).report;
}

inline const app::Judged& judged(const app::Report& report, const std::string& id) {
  const auto it = std::find_if(report.results.begin(), report.results.end(),
                               [&](const app::Judged& j) { return j.result.id == id; });
  if (it == report.results.end())
    throw std::invalid_argument("no result " + id);
  return *it;
}

inline const analysis::Result& result(const app::Report& report, const std::string& id) {
  return judged(report, id).result;
}

/// What was measured: values, errors, fits, curves. Nothing of theory.
inline std::vector<double> measured_numbers(const app::Report& report) {
  std::vector<double> all;
  const auto put = [&](const std::vector<double>& v) { all.insert(all.end(), v.begin(), v.end()); };
  for (const app::Judged& j : report.results) {
    const analysis::Result& r = j.result;
    put({r.measured.value, r.measured.standard_error, static_cast<double>(r.fit.points), r.fit.chi2_per_dof,
         r.fit.loglog_slope, r.fit.statistical_error, r.fit.systematic_error});
    put(r.measured.interval95);
    put(r.fit.window);
    put(r.fit.profile95);
    put(r.curve.x);
    put(r.curve.y);
    put(r.curve.standard_error);
    put(r.curve.local_slope);
    put(r.curve.count);
  }
  return all;
}

/// Predictions, z and hypotheses as well.
inline std::vector<double> all_numbers(const app::Report& report) {
  std::vector<double> all = measured_numbers(report);
  for (const app::Judged& j : report.results) {
    all.push_back(j.predicted ? j.predicted->value : 0);
    all.push_back(j.z.value_or(0));
  }
  for (const app::Hypothesis& h : report.hypotheses)
    for (const double v : {h.predicted, h.measured, h.standard_error, h.z})
      all.push_back(v);
  return all;
}

/// The words of a report that follow from its numbers.
inline std::string words(const app::Report& report) {
  std::string text = report.verdict + "\n";
  for (const app::Judged& j : report.results)
    text += j.result.id + " " + to_text(j.verdict) + " " + j.result.fit.model + " " + j.result.fit.note + "\n";
  for (const app::Hypothesis& h : report.hypotheses)
    text += h.id + " " + h.result + " " + to_text(h.verdict) + " " + to_text(h.group_verdict) + " " + h.sentence + "\n";
  for (const std::string& w : report.warnings)
    text += w + "\n";
  return text;
}

} // namespace cascade::test
