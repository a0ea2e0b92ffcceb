#include "app/field/pipeline.hpp"

#include "app/field/fitting.hpp"
#include "app/field/measuring.hpp"
#include "app/verdict/check.hpp"
#include "app/verdict/compare.hpp"
#include "app/verdict/curve_tests.hpp"
#include "app/verdict/judging.hpp"
#include "core/ranks/machine.hpp"
#include "core/talk/errors.hpp"
#include "theory/beta_law.hpp"

#include <fmt/format.h>

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
    report.datasets = std::move(fitted.datasets);
    for (auto& [key, tables] : fitted.derived)
      measured.tables[key].merge(tables);
  }
  {
    auto stage = progress.begin("exact expectations", 0);
    attach_expectations(config, plan, *generator, communicator, measured.tables, fitted.on_grid.cells, report);
  }
  report.theory.embedding_dimension = config.field->shape().dimensions;
  compare(law, config.theory.declared() ? "input" : "generator", report);
  if (config.checking)
    judge(config.check, report);
  report.timing = progress.timing();
  report.run.peak_bytes_per_rank = core::peak_bytes(communicator);
  report.run.field_bytes_per_rank = plan.field_bytes_per_rank;
  return result;
}

} // namespace cascade::app
