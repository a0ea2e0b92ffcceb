#include "app/scaling/loss_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {

using analysis::Interval;
using analysis::LossModel;
using analysis::LossParameter;
using analysis::LossParameters;
using analysis::LossTable;

namespace {

/// Where an interval lies relative to the band.
std::string band_text(const Interval& i, const std::vector<double>& band) {
  if (i[0] >= band[0] && i[1] <= band[1])
    return "inside";
  if (i[0] > band[1])
    return "above";
  if (i[1] < band[0])
    return "below";
  return "undecided";
}

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

} // namespace

std::string loss_formula(LossModel model) {
  return model == LossModel::power      ? "L = A/x^alpha"
         : model == LossModel::pedestal ? "L = E + A/x^alpha"
                                        : "L = E + A/x^alpha + B/z^beta";
}

std::string objective_text(const LossTableStudy& s, const std::string& objective) {
  std::string text = objective == "least_squares"       ? "sum of squares of L"
                     : objective == "least_squares_log" ? "sum of squares of log L"
                     : objective == "absolute_log"      ? "sum of absolute residuals of log L"
                                                        : fmt::format("sum of Huber(log L), delta {:g}", s.delta);
  if (s.drop_highest > 0)
    text += fmt::format(", {} highest losses left out", s.drop_highest);
  return text;
}

std::vector<LossQuantity> loss_quantities(LossModel model) {
  std::vector<LossQuantity> q{{LossParameter::alpha, "alpha", &LossParameters::alpha},
                              {LossParameter::amplitude, "A", &LossParameters::amplitude}};
  if (model != LossModel::power)
    q.push_back({LossParameter::pedestal, "E", &LossParameters::pedestal});
  if (model == LossModel::two_variables) {
    q.push_back({LossParameter::beta, "beta", &LossParameters::beta});
    q.push_back({LossParameter::second_amplitude, "B", &LossParameters::second_amplitude});
  }
  return q;
}

std::string interval_text(const Interval& i) {
  return fmt::format("{} to {}", cell_text(i[0], 5), cell_text(i[1], 5));
}

bool identified(const LossRow& row) {
  return row.fit.model == LossModel::power || (row.interval()[2][0] > 0 && std::isfinite(row.interval()[2][1]));
}

Table parameter_table(const LossTableStudy& s, const std::vector<LossRow>& rows) {
  Table t{"Fitted parameters",
          {"objective", "parameter", "value", "standard error", "95%, residuals of equal size", "95%, of any size"},
          {}};
  if (s.bootstrap > 0)
    t.columns.emplace_back("95% of resampled tables");
  for (const LossRow& row : rows) {
    const auto list = loss_quantities(row.fit.model);
    t.rows.push_back({objective_text(s, row.objective), "objective", cell_text(row.fit.value, 12), "", "", ""});
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto member = list[i].member;
      const double error = row.error().*member;
      t.rows.push_back({"", list[i].name, cell_text(row.fit.parameters.*member, 8), cell_text(error, 4),
                        interval_text(row.equal[i]), interval_text(row.any[i])});
      if (s.bootstrap > 0)
        t.rows.back().push_back(interval_text({row.resampled.low.*member, row.resampled.high.*member}));
    }
  }
  for (auto& row : t.rows)
    row.resize(t.columns.size());
  t.note = fmt::format(
      "{} points, model {}. Standard errors {}. A 95% interval ends where the objective, minimised over "
      "the other parameters, has risen too far: for the same scatter at all points, and for a scatter "
      "of its own at each. The {} is quoted{}.",
      rows[0].fit.points, loss_formula(rows[0].fit.model),
      s.bootstrap > 0 ? fmt::format("from {} resampled tables{}", s.bootstrap,
                                    rows[0].resampled.first_order
                                        ? " (each to first order from the influence of the points, which are many)"
                                        : "")
                      : "from the curvature of the objective",
      rows[0].few() ? "first" : "second",
      rows[0].few() ? " for least squares, because fewer than four points a parameter cannot tell "
                      "their own scatter"
                    : "");
  const bool robust = std::any_of(rows.begin(), rows.end(), [](const LossRow& row) {
    return row.objective == "huber_log" || row.objective == "absolute_log";
  });
  if (s.bootstrap > 0 && robust)
    t.note += " Intervals of resampled tables are too wide for Huber's function and absolute deviations: of synthetic "
              "tables of 24 points they held the truth in up to 99%, not 95%.";
  return t;
}

Table hypothesis_table(const std::vector<double>& band, const std::vector<LossRow>& rows) {
  const std::string limits = fmt::format("{:g} to {:g}", band[0], band[1]);
  Table t =
      transposed("Hypotheses", rows,
                 {"pedestal needed?", "2 log likelihood ratio", "p", "AICc, with the pedestal minus without",
                  "BIC, with the pedestal minus without", "alpha in " + limits + "?",
                  "running exponent at the end of the data in it?", "exponent without the pedestal there in it?"});
  for (const LossRow& row : rows) {
    std::vector<std::string> cells{"not in the model", "-", "-", "-", "-"};
    if (row.pedestal) {
      const analysis::PedestalTest& p = *row.pedestal;
      const bool yes = p.p_value < 0.01 && p.delta_bic < 0;
      const bool no = p.p_value > 0.1 && p.delta_bic > 0;
      const char* needed = yes ? "yes" : no ? "no" : "undecided";
      cells = {needed, cell_text(p.likelihood_ratio, 4), p.p_value < 1e-100 ? "below 1e-100" : cell_text(p.p_value, 2),
               cell_text(p.delta_aicc, 4), cell_text(p.delta_bic, 4)};
    }
    const auto described = [&](const Interval& i) { return band_text(i, band) + " (" + interval_text(i) + ")"; };
    cells.push_back(described(row.interval()[0]));
    cells.push_back(described(row.outlook.running.interval()));
    cells.push_back(described(row.outlook.corrected.interval()));
    append(t, cells);
  }
  t.note =
      "Negative criteria favour the pedestal. Exponents at the end of the data are slopes of log L, and of log(L - "
      "E - other term), over the points of largest x.";
  return t;
}

Table outlook_table(const std::vector<LossRow>& rows) {
  const bool two = rows[0].fit.model == LossModel::two_variables;
  std::vector<std::string> names{"largest x",
                                 "N_crit = (A/E)^(1/alpha)",
                                 "largest x / N_crit",
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

Figure loss_figure(const LossTable& table, const LossRow& row) {
  const LossParameters& p = row.fit.parameters;
  Figure f{"losses",
           "Losses and law",
           fmt::format("{}, {}. Dashed: the reducible part A/x^alpha.{}", loss_formula(row.fit.model), row.objective,
                       table.two_variables() ? " The term of the second variable is taken off the points." : ""),
           "x",
           table.two_variables() ? "L - B/z^beta" : "L",
           true,
           {}};
  Series points{"table", "points", table.x, {}, {}}, law{"law", "line", {}, {}, {}},
      part{"reducible part", "dashed", {}, {}, {}};
  for (std::size_t i = 0; i < table.size(); ++i)
    points.y.push_back(table.loss[i] -
                       (table.two_variables() ? p.second_amplitude * std::pow(table.z[i], -p.beta) : 0));
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  for (int i = 0; i <= 100; ++i) {
    const double x = *low * std::pow(10 * *high / *low, i / 100.0);
    law.x.push_back(x);
    law.y.push_back(p.pedestal + p.amplitude * std::pow(x, -p.alpha));
    part.x.push_back(x);
    part.y.push_back(p.amplitude * std::pow(x, -p.alpha));
  }
  f.series = {law, part, points};
  return f;
}

Figure running_figure(const std::vector<double>& band, const LossTable& table, const LossRow& row) {
  Figure f{
      "running_data",
      "Running exponent of the data",
      "Slopes of log L over neighbouring points with their standard errors; the line is the fitted law's own running "
      "exponent, the dashed one its alpha.",
      "x",
      "running exponent",
      false,
      {},
      band,
      fmt::format("band {:g} to {:g}", band[0], band[1])};
  const LossParameters& p = row.fit.parameters;
  Series law{"law", "line", {}, {}, {}}, alpha{"alpha", "dashed", {}, {}, {}};
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  for (int i = 0; i <= 100; ++i) {
    const double x = *low * std::pow(*high / *low, i / 100.0), reducible = p.amplitude * std::pow(x, -p.alpha);
    law.x.push_back(x);
    law.y.push_back(p.alpha * reducible / (reducible + p.pedestal));
    alpha.x.push_back(x);
    alpha.y.push_back(p.alpha);
  }
  Series data{"data", "points", {}, {}, {}};
  for (const analysis::LocalSlope& s : row.outlook.slopes) {
    data.x.push_back(s.x);
    data.y.push_back(s.exponent);
    data.error.push_back(s.standard_error);
  }
  f.series = {law, alpha, data};
  return f;
}

std::string loss_answer(const LossTableStudy& s, const std::vector<double>& band, const LossRow& row) {
  std::string text =
      fmt::format("{} ({}): alpha = {:.5g}, 95% {}", loss_formula(row.fit.model), objective_text(s, row.objective),
                  row.fit.parameters.alpha, interval_text(row.interval()[0]));
  if (row.fit.model != LossModel::power)
    text += identified(row) ? fmt::format(", pedestal E = {:.5g} ({})", row.fit.parameters.pedestal,
                                          interval_text(row.interval()[2]))
                            : ", but the pedestal is not identified by these data, and alpha with it";
  if (row.pedestal && identified(row))
    text += row.pedestal->p_value < 0.01 && row.pedestal->delta_bic < 0 ? "; the data need the pedestal"
                                                                        : "; the data do not prove the pedestal";
  text += fmt::format("; alpha is {} the band {:g} to {:g}, the running exponent at the end of the data, {:.3g}, is {}",
                      band_text(row.interval()[0], band), band[0], band[1], row.outlook.running.exponent,
                      band_text(row.outlook.running.interval(), band));
  return text + fmt::format("; halving the reducible loss takes {:.4g} times x.", row.outlook.halve_reducible);
}

} // namespace cascade::app
