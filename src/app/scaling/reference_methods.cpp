#include "app/scaling/reference_methods.hpp"

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/reference_methods/monte_carlo.hpp"
#include "analysis/reference_methods/poisson.hpp"
#include "app/verdict/judging.hpp"
#include "theory/scaling/scaling_cost.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {
namespace {

/// poisson/d2/alpha: "finite differences in D = 2".
std::string words_of(const std::string& id) {
  const std::size_t slash = id.find("/d");
  return fmt::format("{} in D = {}", id.starts_with("poisson") ? "finite differences" : "Monte Carlo",
                     id.substr(slash + 2, id.find('/', slash + 1) - slash - 2));
}

analysis::Result method_result(const std::string& id, const std::string& quantity, const std::string& method,
                               double value, double error) {
  analysis::Result r;
  r.id = id;
  r.stage = "reference_methods";
  r.quantity = quantity;
  r.method = method;
  r.measured = {value, error, {value - 2 * error, value + 2 * error}};
  return r;
}

void poisson_study(const ReferenceMethodsStudy& s, core::Progress& progress, Report& report, Figure& figure) {
  auto stage = progress.begin("Poisson problems", static_cast<double>(s.dimensions.size()));
  Table t{"Second-order differences, Poisson problem",
          {"D", "finest grid", "unknowns N", "rms error", "order a in the spacing", "alpha in N", "a/D",
           "N for half the error"},
          {}};
  for (const std::int64_t dimension : s.dimensions) {
    const int d = static_cast<int>(dimension);
    const auto errors = analysis::poisson_errors(d, s.coarsest, s.most_points);
    const analysis::Order order = analysis::observed_order(errors);
    const std::string tag = fmt::format("poisson/d{}", d);
    analysis::Result a = method_result(tag + "/order", "order", "finite differences", order.value, order.uncertainty);
    Series points{fmt::format("Poisson, D = {}", d), "points", {}, {}, {}};
    analysis::Curve& c = a.curve;
    c.x_axis = {"N", "1"};
    c.y_axis = {"rms error", "1"};
    for (const auto& e : errors) {
      points.x.push_back(e.unknowns);
      points.y.push_back(e.root_mean_square);
    }
    c.x = points.x;
    c.y = points.y;
    c.standard_error = c.count = std::vector<double>(c.x.size(), std::nan(""));
    c.local_slope = analysis::local_slopes(c.x, c.y);
    a.fit.model = "error = c n^-a (1 + e/n^2), three finest grids";
    a.fit.points = static_cast<int>(errors.size());
    const double expected = theory::grid_exponent(2, d), alpha = order.value / d;
    report.results.push_back(judged(std::move(a), {2, "a = 2"}));
    report.results.push_back(judged(
        method_result(tag + "/alpha", "alpha", "finite differences", alpha, order.uncertainty / d), {expected, "a/D"}));
    figure.series.push_back(points);
    if (!errors.empty())
      t.rows.push_back({fmt::format("{}", d), fmt::format("{}^{}", errors.back().cells, d),
                        cell_text(errors.back().unknowns), cell_text(errors.back().root_mean_square, 4),
                        cell_text(order.value), cell_text(alpha), cell_text(expected),
                        cell_text(theory::halving_factor(alpha))});
    stage.advance();
  }
  t.note = "The same method, order 2 in the spacing, costs 2^(D/2) in unknowns for half the error: the curse of "
           "dimensionality.";
  report.page.tables.push_back(t);
}

void monte_carlo_study(const ReferenceMethodsStudy& s, const StudyRun& run, Report& report, Figure& figure) {
  auto stage = run.progress.begin("Monte Carlo quadrature", static_cast<double>(s.dimensions.size()));
  Table t{"Monte Carlo quadrature",
          {"D", "samples", "repeats", "exponent of the rms error", "standard error", "expected"},
          {}};
  for (const std::int64_t dimension : s.dimensions) {
    const int d = static_cast<int>(dimension);
    const auto table = analysis::monte_carlo_errors(d, s.fewest_samples, s.doublings, s.repeats, run.seed, run.ranks);
    const auto fit =
        analysis::scaled(analysis::fit_exponent(table, {{"A n^-2a", {}}},
                                                {std::vector<double>{table.x.front(), table.x.back()}, 0, 1e300}),
                         -0.5);
    analysis::Result r = method_result(fmt::format("monte_carlo/d{}/alpha", d), "alpha", "Monte Carlo", fit.exponent,
                                       fit.standard_error);
    analysis::set_fit(r, fit);
    r.curve = analysis::make_curve("", table, {"n", "samples"}, {"mean squared error", "1"});
    Series points{fmt::format("Monte Carlo, D = {}", d), "points", {}, {}, {}};
    for (std::size_t i = 0; i < r.curve.x.size(); ++i) {
      points.x.push_back(r.curve.x[i]);
      points.y.push_back(std::sqrt(r.curve.y[i]));
    }
    report.results.push_back(judged(std::move(r), {0.5, "1/2"}));
    figure.series.push_back(points);
    t.rows.push_back({fmt::format("{}", d), fmt::format("{} to {}", s.fewest_samples, s.fewest_samples << s.doublings),
                      fmt::format("{}", s.repeats), cell_text(fit.exponent, 5), cell_text(fit.standard_error, 2),
                      "0.5"});
    stage.advance();
  }
  report.page.tables.push_back(t);
}

} // namespace

void ReferenceMethodsStudy::declare(core::ParameterVisitor& v) {
  v.integers("dimensions", dimensions, {1, 3}, {"1", "dimensions of the Poisson problem"});
  v.integer("coarsest", coarsest, {4, 1024}, {"1", "cells a side of the coarsest grid"});
  v.integer("most_points", most_points, {64, 1e8}, {"1", "grids are doubled up to so many points"});
  v.integer("fewest_samples", fewest_samples, {4, 1 << 20}, {"1", "smallest sample of the Monte Carlo quadrature"});
  v.integer("doublings", doublings, {3, 20}, {"1", "how often the sample is doubled"});
  v.integer("repeats", repeats, {20, 1000000}, {"1", "independent samples of each size"});
}

core::MemoryParts ReferenceMethodsStudy::memory() const {
  core::MemoryParts parts;
  for (const std::int64_t d : dimensions)
    parts = core::in_turn(std::move(parts), analysis::poisson_memory(static_cast<int>(d), coarsest, most_points));
  return parts;
}

std::string ReferenceMethodsStudy::plan() const {
  return fmt::format("Poisson problems of up to {} points, {} quadratures of up to {} samples", most_points, repeats,
                     fewest_samples << doublings);
}

void ReferenceMethodsStudy::run(const StudyRun& run, Report& report) const {
  Figure figure{"methods",
                "Errors of methods whose exponents are known",
                "Error against the number of unknowns or samples.",
                "N",
                "rms error",
                true,
                {}};
  poisson_study(*this, run.progress, report, figure);
  monte_carlo_study(*this, run, report, figure);
  report.page.figures.push_back(figure);
  std::string text;
  for (const Judged& j : report.results)
    if (j.result.quantity == "alpha")
      text += fmt::format("{}{}: {:.4f} (expected {:.4f}, {})", text.empty() ? "Measured exponents of " : "; ",
                          words_of(j.result.id), j.result.measured.value, j.predicted->value, to_text(j.verdict));
  report.verdict = text + ".";
  report.page.answers.push_back(report.verdict);
}

} // namespace cascade::app
