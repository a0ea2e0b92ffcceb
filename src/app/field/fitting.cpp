#include "app/field/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cascade::app {
namespace {

using analysis::Findings;
using analysis::Fits;
using analysis::View;

/// A view of a run's field and what is measured on it.
struct ViewedField {
  const AnalysisSection& analysis;
  const analysis::Subject& subject;
  const core::Decomposition* grid; ///< null: the point view
  View view() const { return grid != nullptr ? View::grid : View::points; }
};

/// Words for those who asked for what this view does not show.
void excuse(const ViewedField& field, const std::vector<ChosenMeasurement>& measured, Fitted& fitted) {
  for (const ChosenMeasurement& one : field.analysis.all()) {
    const bool there = std::any_of(measured.begin(), measured.end(),
                                   [&](const ChosenMeasurement& other) { return other.entry == one.entry; });
    if (!one->asked || there)
      continue;
    std::string why = one->why_not(field.subject, field.view());
    if (why.empty() && one.entry->rule == analysis::Asked::when_named && field.grid == nullptr &&
        field.subject.points == 0)
      why = fmt::format("{} are not measured: they need a grid, and field.points is 0", one.entry->title);
    if (!why.empty())
      fitted.warnings.push_back(why);
  }
}

Findings fit_view(const ViewedField& field, const analysis::TableSet& tables, const core::Communicator& communicator,
                  Fitted& fitted) {
  const View view = field.view();
  const std::vector<ChosenMeasurement> measured = field.analysis.measured_on(field.subject, field.grid);
  excuse(field, measured, fitted);
  Findings findings;
  std::vector<Fits> all;
  all.reserve(measured.size()); // what is promised refers to them
  for (const ChosenMeasurement& one : measured) {
    all.emplace_back(one.entry->name, view, one->asked);
    one->find(field.subject, view, tables_of(tables, view, one.entry->name), findings, all.back());
  }
  for (std::size_t m = 0; m < measured.size(); ++m) {
    const ChosenMeasurement& one = measured[m];
    if (one->asked)
      one->datasets(field.subject, view, tables_of(tables, view, one.entry->name), fitted.datasets);
    if (one->asked)
      one->fit(field.subject, view, tables_of(tables, view, one.entry->name), findings, all[m]);
    all[m].finish(communicator, findings.extinct);
    std::ranges::move(all[m].take_results(), std::back_inserter(fitted.results));
    std::ranges::move(all[m].take_warnings(), std::back_inserter(fitted.warnings));
    std::ranges::move(all[m].take_missed(), std::back_inserter(fitted.missed));
    fitted.derived[analysis::tables_key(view, one.entry->name)].merge(all[m].take_derived());
  }
  return findings;
}

} // namespace

Fitted fit_tables(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                  const analysis::TableSet& tables, const core::Communicator& communicator) {
  Fitted fitted;
  analysis::Subject subject = plan.subject;
  if (plan.decomposition) {
    subject.family = generator.grid()->family(subject.points, std::max(0, config.analysis.losses().highest_degree));
    fitted.on_grid = fit_view({config.analysis, subject, plan.grid()}, tables, communicator, fitted);
  }
  if (subject.sampled())
    fit_view({config.analysis, subject, nullptr}, tables, communicator, fitted);
  return fitted;
}

} // namespace cascade::app
