#include "app/scaling/loss_page.hpp"

#include "analysis/losses/loss_likelihood.hpp"
#include "analysis/losses/loss_minimum.hpp"
#include "app/scaling/loss_words.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace cascade::app {

using analysis::Interval;
using analysis::LawTest;
using analysis::LossModel;

namespace {

/// One line a name, to which append() adds a column for each objective.
Table transposed(const std::string& title, const std::vector<LossRow>& rows, const std::vector<std::string>& names) {
  Table t{title, {""}, {}};
  for (const LossRow& row : rows)
    t.columns.push_back(row.objective);
  for (const std::string& name : names)
    t.rows.push_back({name});
  return t;
}

void append(Table& t, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < t.rows.size(); ++i)
    t.rows[i].push_back(cells[i]);
}

/// Needed?, twice the log likelihood ratio, p, AICc and BIC of a parameter.
std::vector<std::string> test_cells(const std::optional<LawTest>& test, bool described) {
  if (!test)
    return {"not in the model", "-", "-", "-", "-"};
  const LawTest& t = *test;
  const bool yes = t.p_value < 0.01 && t.delta_bic<0, no = t.p_value> 0.1 && t.delta_bic > 0;
  return {!described ? "not judged"
          : yes      ? "yes"
          : no       ? "no"
                     : "undecided",
          cell_text(t.likelihood_ratio, 4), t.p_value < 1e-100 ? "below 1e-100" : cell_text(t.p_value, 2),
          cell_text(t.delta_aicc, 4), cell_text(t.delta_bic, 4)};
}

std::string note_on_errors(const LossTableStudy& s, const std::vector<LossRow>& rows) {
  const LossRow& first = rows[0];
  std::string note = fmt::format(
      "{} points, model {}. A 95% interval ends where the objective, minimised over the other parameters from both "
      "sides "
      "and from fresh starts, has risen too far: for the same scatter at all points, and for a scatter of its own at "
      "each; inf: it never does. The {} is quoted{}. Standard errors: {}. An amplitude without an error is known worse "
      "than to a factor of two: its logarithm is the number to quote.",
      first.fit().points, loss_formula(first.fit().model), first.answer.few ? "first" : "second",
      first.answer.few ? " for least squares, because fewer than four points a parameter cannot tell their own scatter"
                       : "",
      first.has_resampled()
          ? fmt::format("of {} resampled tables{}", s.bootstrap,
                        first.resampled.first_order
                            ? " (each to first order from the influence of the points, which are many)"
                            : "")
          : "half the quoted interval over Student's 97.5% point");
  if (s.table.missing > 0)
    note += fmt::format(" {} rows without a number are left out.", s.table.missing);
  const bool robust = std::any_of(rows.begin(), rows.end(), [](const LossRow& row) {
    return analysis::penalty_of(row.fit().options).delta < 1e300;
  });
  if (first.has_resampled() && robust)
    note += " Intervals and errors of resampled tables are too wide for Huber's function and absolute deviations: of "
            "synthetic tables of 24 points they held the truth in up to 99%, not 95%.";
  return note;
}

} // namespace

namespace {

/// "0.3478 +- 0.0200 (Besiroglu et al. 2024); 0.34 (Hoffmann et al. 2022)"
std::string published_text(const LossTableStudy& s, const std::string& name) {
  std::string text;
  for (const PublishedSection& p : s.published)
    if (p.name == name)
      text += fmt::format("{}{}{}", text.empty() ? "" : "; ",
                          core::with_error_text(p.value.value_or(std::nan("")), p.error.value_or(0)),
                          p.source.empty() ? "" : " (" + p.source + ")");
  return text.empty() ? "-" : text;
}

} // namespace

Table parameter_table(const LossTableStudy& s, const std::vector<LossRow>& rows) {
  Table t{"Fitted parameters",
          {"objective", "parameter", "value +- standard error", "95%, residuals of equal size", "95%, of any size"},
          {}};
  if (s.bootstrap > 0)
    t.columns.emplace_back("95% of resampled tables");
  if (!s.published.empty())
    t.columns.emplace_back("published");
  for (const LossRow& row : rows) {
    t.rows.push_back({objective_text(s, row.objective), "objective", cell_text(row.fit().value, 6)});
    for (const LossNumber& n : loss_numbers(row)) {
      t.rows.push_back(
          {"", n.name, core::with_error_text(n.value, n.error), interval_text(n.equal), interval_text(n.any)});
      if (s.bootstrap > 0)
        t.rows.back().push_back(n.resampled ? interval_text(*n.resampled) : "too few have a fit");
      if (!s.published.empty())
        t.rows.back().push_back(published_text(s, n.name));
    }
  }
  for (auto& row : t.rows)
    row.resize(t.columns.size());
  t.note = note_on_errors(s, rows);
  return t;
}

Table hypothesis_table(const std::vector<double>& band, const std::vector<LossRow>& rows) {
  const std::string limits = fmt::format("{:g} to {:g}", band[0], band[1]);
  std::vector<std::string> names{"does the law describe the table?",
                                 "repeated points against the law: F, p",
                                 "neighbouring residuals: correlation, p",
                                 "pedestal needed?",
                                 "2 log likelihood ratio",
                                 "p",
                                 "AICc, with the pedestal minus without",
                                 "BIC, with the pedestal minus without"};
  const bool two = rows[0].fit().model == LossModel::two_variables;
  if (two)
    names.insert(names.end(), {"do alpha and beta differ?", "2 log likelihood ratio", "p",
                               "AICc, two exponents minus one", "BIC, two exponents minus one"});
  names.insert(names.end(), {"alpha in " + limits + "?", "running exponent at the end of the data in it?",
                             "exponent without the pedestal there in it?"});
  Table t = transposed("Hypotheses", rows, names);
  std::set<std::string> densities;
  for (const LossRow& row : rows) {
    const analysis::LossDescription& d = row.answer.description;
    const bool described = d.described();
    std::vector<std::string> cells{
        described ? "nothing speaks against it" : "no",
        std::isnan(d.lack_of_fit) ? "-" : cell_text(d.lack_of_fit, 3) + ", " + cell_text(d.lack_p, 2),
        std::isnan(d.correlation_p) ? "-" : cell_text(d.correlation, 2) + ", " + cell_text(d.correlation_p, 2)};
    const auto append_cells = [&](const std::vector<std::string>& more) {
      cells.insert(cells.end(), more.begin(), more.end());
    };
    append_cells(test_cells(row.pedestal, described));
    if (two)
      append_cells(test_cells(row.tied, described));
    const auto placed = [&](const Interval& i) {
      return (described ? band_word(i, band) : "not judged") + " (" + interval_text(i) + ")";
    };
    append_cells({placed(row.answer.of("alpha").quoted), placed(row.outlook.running.interval()),
                  placed(row.outlook.corrected.interval())});
    append(t, cells);
    densities.insert(analysis::density_name(row.fit().options.objective));
  }
  t.note = fmt::format(
      "Negative criteria favour the parameter. Likelihoods are those of the density that belongs to the objective "
      "({}), "
      "its scale fitted. The correlation is of residuals of neighbours, less what the fit itself makes of independent "
      "ones; p from random signs. Exponents at the end of the data are slopes of log L, and of log(L - E - other "
      "term), "
      "over the points of largest x.",
      fmt::join(densities, ", "));
  return t;
}

Table outlook_table(const LossTableStudy& s, const std::vector<LossRow>& rows) {
  const bool two = has_second(rows[0].fit().model);
  std::vector<std::string> names{"x: " + s.x_name() + ", the largest",
                                 "x_crit = (A/E)^(1/alpha)",
                                 "largest x / x_crit",
                                 "running exponent of the law there",
                                 "factor in x that halves the reducible loss",
                                 "factor in x that halves the total loss"};
  if (two)
    names.insert(names.end(),
                 {"compute-optimal: N ~ C^", "reducible loss ~ C^-", "factor in C that halves the reducible loss"});
  names.insert(names.end(), {"held-out points, of largest x", "predicted off by (rms)", "scatter of that fit"});
  Table t = transposed("Where the data sit, and what comes next", rows, names);
  for (const LossRow& row : rows) {
    const analysis::Outlook& o = row.outlook;
    std::vector<std::string> cells{
        cell_text(o.largest_x, 4),   cell_text(o.critical_x, 4),      cell_text(o.largest_x / o.critical_x, 4),
        cell_text(o.law_running, 4), cell_text(o.halve_reducible, 4), cell_text(o.halve_total, 4)};
    if (two)
      cells.insert(cells.end(),
                   {cell_text(o.optimal_share, 4), cell_text(o.optimal_exponent, 4), cell_text(o.optimal_halving, 4)});
    if (row.held_out)
      cells.insert(cells.end(),
                   {fmt::format("{}", row.held_out->points),
                    fmt::format("{:.3g}% (mean {:+.3g}%)", 100 * row.held_out->rms, 100 * row.held_out->mean),
                    fmt::format("{:.3g}%", 100 * row.held_out->scatter)});
    else
      cells.insert(cells.end(), {"too few points are left to fit", "-", "-"});
    append(t, cells);
  }
  t.note =
      "x multiplies its present largest value, all else fixed. inf: no amount of x gets there, because the pedestal "
      "(and the other term) are above half of the loss.";
  return t;
}

} // namespace cascade::app
