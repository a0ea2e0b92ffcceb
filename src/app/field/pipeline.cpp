#include "app/field/pipeline.hpp"

#include "app/field/fitting.hpp"
#include "app/field/measuring.hpp"
#include "app/field/unit_meter.hpp"
#include "app/verdict/check.hpp"
#include "app/verdict/compare.hpp"
#include "app/verdict/curve_tests.hpp"
#include "app/verdict/given.hpp"
#include "app/verdict/judging.hpp"
#include "core/ranks/machine.hpp"
#include "core/talk/errors.hpp"
#include "theory/beta_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

/// The generator's law, or one of the d and h the input declares; what it leaves out is the generator's.
theory::LawPtr law_of(const RunConfig& config, const solvers::Generator& generator) {
  const theory::LawPtr own = generator.law();
  if (!config.theory.declared())
    return own;
  const auto d = config.theory.dimension || !own ? config.theory.dimension : own->dimension();
  const auto h = config.theory.hurst || !own ? config.theory.hurst : own->hurst();
  if (!d || !h)
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("theory.{}: missing, and generator {} promises none; declare both theory.dimension "
                                  "and theory.hurst, or neither",
                                  d ? "hurst" : "dimension", config.generator));
  return std::make_shared<theory::BetaLaw>(config.field->shape().dimensions, *d, *h,
                                           "declared by the input file, not by the generator");
}

/// Nothing where no value is missing.
void say_what_is_missing(const analysis::TableSet& tables, Report& report) {
  const auto found = tables.find(analysis::tables_key(analysis::View::grid, missing_values));
  if (found == tables.end())
    return;
  const analysis::BlockTable& points = found->second.at("points");
  double missing = 0, all = 0;
  for (std::size_t b = 0; b < points.blocks(); ++b) {
    missing += points.sum[b][0];
    all += points.weight[b][0];
  }
  report.warnings.push_back(
      fmt::format("{:.0f} of {:.0f} points have no value: the pairs and cells that touch them are left out (the counts "
                  "of the curves "
                  "say how many are there), and what needs a transform or refines cells is not measured.",
                  missing, all));
}

/// A warning where the digits of the numbers are too few for the differences of neighbours: values rounded to steps q
/// have equal neighbours for about q/(2.5 sigma) of all pairs, sigma the typical difference, and a noise of q^2/6 in
/// S_2.
void say_what_is_rounded(const analysis::TableSet& tables, Report& report) {
  const auto found = tables.find(analysis::tables_key(analysis::View::grid, rounded_values));
  if (found == tables.end())
    return;
  const analysis::BlockTable& seen = found->second.at("neighbours");
  double pairs = 0, equal = 0, squares = 0, step = 0;
  for (std::size_t b = 0; b < seen.blocks(); ++b) {
    pairs += seen.weight[b][0];
    equal += seen.sum[b][0];
    step = step > 0 ? std::min(step, seen.sum[b][1]) : seen.sum[b][1];
    squares += seen.sum[b][2];
  }
  constexpr double many = 0.1;
  if (pairs > 0 && equal > many * pairs && step > 0)
    report.warnings.push_back(fmt::format(
        "{:.0f}% of neighbouring values are equal, others differ by {:.3g} at least, all by {:.3g} (rms): if "
        "the numbers are rounded to such steps, roughness at small distances is that of the rounding (single "
        "precision with a large mean does it, too); subtract the mean before storing, or keep more digits",
        100 * equal / pairs, step, std::sqrt(squares / pairs)));
}

/// S_2 of a scalar, of a vector the longitudinal one; null where it was not measured.
const analysis::BlockTable* second_order(const analysis::TableSet& tables) {
  const analysis::Tables& own = analysis::tables_of(tables, analysis::View::grid, "structure_function");
  const analysis::BlockTable* scalar = analysis::find_table(own, analysis::table_name("zeta", "2"));
  return scalar != nullptr ? scalar : analysis::find_table(own, analysis::table_name("zeta", "longitudinal", "2"));
}

} // namespace

PipelineResult run_pipeline(const RunConfig& config, const RunPlan& plan, const core::Communicator& communicator,
                            core::Progress& progress, const UnitStore* store) {
  PipelineResult result;
  Report& report = result.report;
  const auto generator = config.make_generator();
  const theory::LawPtr law = law_of(config, *generator);
  MeasuredUnits measured = measure(config, plan, *generator, communicator, progress, store);
  result.field = std::move(measured.last);
  Fitted fitted;
  {
    auto stage = progress.begin("fits", 0);
    fitted = fit_tables(config, plan, *generator, measured.tables, communicator);
    report.results = unjudged(std::move(fitted.results));
    report.warnings = std::move(fitted.warnings);
    report.missed = std::move(fitted.missed);
    std::erase_if(report.missed, [&](const analysis::Missed& missed) { // something of it could be had after all
      return std::any_of(report.results.begin(), report.results.end(),
                         [&](const Judged& j) { return j.result.id == missed.id; });
    });
    report.datasets = std::move(fitted.datasets);
    for (auto& [key, tables] : fitted.derived)
      measured.tables[key].merge(tables);
  }
  {
    auto stage = progress.begin("exact expectations", 0);
    attach_expectations(config, plan, *generator, communicator, measured.tables, fitted.on_grid.cells, report);
  }
  const std::vector<std::string> assumed = config.field->shape().assumed;
  report.warnings.insert(report.warnings.end(), assumed.begin(), assumed.end());
  say_what_is_missing(measured.tables, report);
  say_what_is_rounded(measured.tables, report);
  report.theory.embedding_dimension = config.field->shape().dimensions;
  compare(law, config.theory.declared() ? "input" : "generator", report);
  if (law == nullptr && config.field->shape().given)
    answer_given(second_order(measured.tables), report);
  if (config.checking)
    judge(config.check, report);
  report.timing = progress.timing();
  report.run.peak_bytes_per_rank = core::peak_bytes(communicator);
  report.run.field_bytes_per_rank = plan.field_bytes_per_rank;
  return result;
}

} // namespace cascade::app
