// The point-sampled half of a run: exponents of known fields, and what it says when a field is awkward.

#include "app/field/fitting.hpp"
#include "app/field/measuring.hpp"
#include "app/verdict/judging.hpp"
#include "tests/app/tiny_runs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace cascade;
using analysis::Result;
using app::Report;

namespace {

Report sampled(const std::string& text) {
  const auto config = test::config_of(text);
  const auto self = core::Communicator::self();
  const app::RunPlan plan = app::make_plan(config, {1, 1, std::int64_t{64} << 30, "a test"});
  core::Progress progress(core::Progress::Style::silent);
  const auto generator = config.make_generator();
  const auto tables = app::measure(config, plan, *generator, self, progress, nullptr).tables;
  app::Fitted fitted = app::fit_tables(config, plan, *generator, tables, self);
  Report report;
  report.results = app::unjudged(std::move(fitted.results));
  report.warnings = std::move(fitted.warnings);
  return report;
}

bool warned(const Report& report, const std::string& words) {
  return std::any_of(report.warnings.begin(), report.warnings.end(),
                     [&](const std::string& w) { return w.find(words) != std::string::npos; });
}

} // namespace

TEST_CASE("Exponents of cascades in two and three dimensions, within their errors", "[sampled_runs][slow]") {
  struct Case {
    int D;
    double d, h;
  };
  for (const auto& [D, d, h] : {Case{2, 1.6, 0.4}, Case{3, 2.7, 0.25}, Case{3, 3, 1.0 / 3}}) {
    const Report report = sampled(fmt::format(R"(
run: {{seed: 11}}
field: {{generator: beta_cascade, embedding_dimension: {}, dimension: {}, hurst: {}, points: 0}}
analysis: {{structure_function: {{orders: [1, 2, 4]}}, box_counting: {{}}}}
approximation: {{degrees: [0, 1], loss_powers: [2, 4], pieces: 20}}
sampling: {{trees: 32, pairs: 512, cells: 64}}
)",
                                              D, d, h));
    for (const app::Judged& j : report.results) {
      const Result& r = j.result;
      double expected = 0;
      if (r.quantity == "zeta")
        expected = *r.order * h + D - d;
      else if (r.quantity == "dimension_box")
        expected = d;
      else if (r.labels.text("average") == "active")
        expected = *r.labels.number("loss_power") * h / (r.labels.text("partition") != "uniform" ? d : D);
      else if (r.labels.text("partition") == "adaptive") // dead cells, smooth, are left as large as their error allows
        expected = std::min((*r.labels.number("loss_power") * h + D - d) / d,
                            *r.labels.number("loss_power") * (*r.labels.number("degree") + 1) / D);
      else
        expected = (*r.labels.number("loss_power") * h + D - d) / D;
      CAPTURE(D, d, h, r.id, r.measured.value, r.measured.standard_error, expected);
      CHECK(std::abs(r.measured.value - expected) < 4 * r.measured.standard_error + 1e-9); // d = D: no error at all
      const bool bends = r.quantity == "zeta" && *r.order - expected < 0.3; // a smooth part of nearly the same slope
      CHECK(r.measured.standard_error < (bends ? 0.1 : 0.05) * expected);
    }
  }
}

TEST_CASE("N counted or geometry: the report says which", "[sampled_runs]") {
  const Report report = sampled(test::tiny_input);
  CHECK(test::result(report, "sampled/alpha/uniform/active/k0/q2").fit.note.find("geometry") != std::string::npos);
  CHECK(test::result(report, "sampled/alpha/oracle/active/k0/q2").fit.note.find("counted") != std::string::npos);
  CHECK(test::result(report, "sampled/dimension_box/active").fit.note.find("not independent") != std::string::npos);
  // Curves in pieces: uniform N = s^-D exactly, adaptive N as counted, both growing.
  const auto& uniform = test::result(report, "sampled/alpha/uniform/active/k0/q2").curve;
  const auto& adaptive = test::result(report, "sampled/alpha/oracle/active/k0/q2").curve;
  const auto& cells = test::result(report, "sampled/dimension_box/active").curve;
  for (std::size_t i = 0; i < uniform.x.size(); ++i) {
    CHECK(uniform.x[i] == Approx(std::pow(4.0, static_cast<double>(i + 1))).epsilon(1e-12));
    CHECK(adaptive.x[i] == cells.y[cells.y.size() - 1 - i]);
    CHECK(adaptive.x[i] < uniform.x[i]);
  }
}

TEST_CASE("Cells of uniform pieces are drawn towards what carries the loss of a multifractal", "[sampled_runs]") {
  const auto run = [](const char* averages) {
    return sampled(fmt::format(R"(
field: {{generator: multiplicative_cascade, model: p_model, embedding_dimension: 1, points: 0}}
analysis: {{structure_function: {{orders: [2]}}}}
approximation: {{degrees: [0], loss_powers: [2, 4], partitions: [uniform], {}}}
sampling: {{trees: 16, pairs: 64, cells: 64}}
)",
                               averages));
  };
  const Report both = run("averages: [volume, active]"), moved = run("averages: [volume], origin: random");
  for (const Report* report : {&both, &moved}) {
    for (const auto& [power, law] : {std::pair(2, 0.6937), std::pair(4, 1.2822)}) {
      const Result& r = test::result(*report, fmt::format("sampled/alpha/uniform/volume/k0/q{}", power));
      CAPTURE(power, law, r.measured.value, r.measured.standard_error);
      CHECK(r.fit.note.find("drawn towards") != std::string::npos);
      CHECK(r.curve.count.empty()); // no draws by volume, by which the verdict counts
      CHECK(r.curve.x.front() == 2);
      CHECK(std::abs(r.measured.value - law) < 4 * r.measured.standard_error);
      CHECK(r.measured.standard_error < 0.05);
    }
  }
  const Result& active = test::result(both, "sampled/alpha/uniform/active/k0/q2");
  CHECK(active.fit.note.find("drawn towards") == std::string::npos);
  CHECK_FALSE(active.curve.count.empty());
}

TEST_CASE("Too few levels and trees that died are said", "[sampled_runs]") {
  const auto input = [](double d, double h, int levels) {
    return fmt::format(R"(
field: {{generator: beta_cascade, embedding_dimension: 2, dimension: {}, hurst: {}, points: 0, virtual_levels: {}}}
analysis: {{structure_function: {{orders: [2]}}}}
approximation: {{enabled: false}}
sampling: {{trees: 32, pairs: 64}}
)",
                       d, h, levels);
  };
  CHECK(warned(sampled(input(1.9, 0.1, 14)), "levels are few"));
  CHECK_FALSE(warned(sampled(input(1.7, 0.4, 36)), "levels are few"));
  CHECK(warned(sampled(input(0.8, 0.4, 24)), "died out"));
  CHECK_FALSE(warned(sampled(input(1.9, 0.4, 24)), "died out"));
}

TEST_CASE("Pieces refined by their error are asked for above three dimensions: said, not left out", "[sampled_runs]") {
  const auto input = [](int D) {
    return fmt::format(R"(
field: {{generator: multiplicative_cascade, embedding_dimension: {}, points: 0}}
analysis: {{structure_function: {{orders: [2]}}}}
approximation: {{degrees: [0], loss_powers: [2], partitions: [uniform, adaptive], averages: [volume, active], pieces: 16}}
sampling: {{trees: 16, pairs: 32, cells: 16}}
)",
                       D);
  };
  const Report report = sampled(input(5));
  CHECK(warned(report, "sampled/alpha/adaptive/volume/k0/q2: cells are split by their error in one to three"));
  CHECK_FALSE(warned(report, "alpha/adaptive/active")); // every cell is alive: there is no such average
  CHECK_FALSE(warned(sampled(input(1)), "split by their error"));
}

TEST_CASE("What needs a grid says so where there is none", "[sampled_runs]") {
  const Report report = sampled(R"(
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.9, points: 0}
analysis: {leaders: {}, mfdfa: {}, partition_function: {}, increment_moments: {}, increment_pdf: {}}
approximation: {enabled: false}
sampling: {trees: 16, pairs: 16, cells: 16}
)");
  for (const char* what : {"wavelet leaders", "detrended fluctuations", "partition sums", "moments of increments",
                           "densities of increments"})
    CHECK(warned(report, std::string(what) + " are not measured: they need a grid, and field.points is 0"));
  CHECK_FALSE(warned(report, "box counting are"));
}
