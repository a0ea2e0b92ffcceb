// Study loss_table: fits, how sure they are, and what follows from them.
#include "analysis/fit/bootstrap.hpp"
#include "analysis/fit/loss_outlook.hpp"
#include "app/scaling_run.hpp"
#include "theory/scaling_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::Interval;
using analysis::LossFit;
using analysis::LossModel;
using analysis::LossParameter;
using analysis::LossParameters;
using analysis::LossTable;

analysis::LossColumns columns_of(const LossTableSection& s) {
  analysis::LossColumns c;
  c.loss = s.loss;
  c.first = s.x;
  c.second = s.z;
  c.second_is_compute = s.z_is_compute;
  c.drop_highest = static_cast<int>(s.drop_highest);
  for (const FilterSection& f : s.filters)
    c.filters.push_back({f.column, f.equals.empty() ? std::nullopt : std::optional(f.equals), f.at_least, f.at_most});
  return c;
}

LossModel model_of(const LossTableSection& s) {
  return s.model == "power" ? LossModel::power : s.model == "pedestal" ? LossModel::pedestal : LossModel::two_variables;
}

std::string formula(LossModel model) {
  return model == LossModel::power      ? "L = A/x^alpha"
         : model == LossModel::pedestal ? "L = E + A/x^alpha"
                                        : "L = E + A/x^alpha + B/z^beta";
}

/// The objective is part of the result: delta and the outlier rule with it.
std::string objective_text(const LossTableSection& s, const std::string& objective) {
  std::string text = objective == "least_squares"       ? "sum of squares of L"
                     : objective == "least_squares_log" ? "sum of squares of log L"
                     : objective == "absolute_log"      ? "sum of absolute residuals of log L"
                                                        : fmt::format("sum of Huber(log L), delta {:g}", s.delta);
  if (s.drop_highest > 0)
    text += fmt::format(", {} highest losses left out", s.drop_highest);
  return text;
}

struct Quantity {
  LossParameter parameter;
  const char* name;
  double LossParameters::*member;
};

std::vector<Quantity> quantities(LossModel model) {
  std::vector<Quantity> q{{LossParameter::alpha, "alpha", &LossParameters::alpha},
                          {LossParameter::amplitude, "A", &LossParameters::amplitude}};
  if (model != LossModel::power)
    q.push_back({LossParameter::pedestal, "E", &LossParameters::pedestal});
  if (model == LossModel::two_variables) {
    q.push_back({LossParameter::beta, "beta", &LossParameters::beta});
    q.push_back({LossParameter::second_amplitude, "B", &LossParameters::second_amplitude});
  }
  return q;
}

/// Everything about one objective.
struct Row {
  std::string objective;
  LossFit fit;
  analysis::Bootstrap resampled;
  std::vector<Interval> profile; ///< in the order of quantities()
  std::optional<analysis::PedestalTest> pedestal;
  analysis::Outlook outlook;
  std::optional<analysis::HeldOut> held_out;
};

std::string interval_text(const Interval& i) {
  return fmt::format("{} to {}", cell_text(i[0], 5), cell_text(i[1], 5));
}

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

bool identified(const Row& row) {
  return row.fit.model == LossModel::power || (row.profile[2][0] > 0 && std::isfinite(row.profile[2][1]));
}

/// The table in increasing x, with the running exponent where one is measured.
Curve curve_of(const LossTable& table, const analysis::Outlook& o) {
  Curve c{"x", "L", "1", "1", {}, {}, {}, {}, {}};
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < table.size(); ++i)
    points.emplace_back(table.x[i], table.loss[i]);
  std::sort(points.begin(), points.end());
  for (const auto& [x, y] : points) {
    c.x.push_back(x);
    c.y.push_back(y);
    const auto near = std::min_element(o.slopes.begin(), o.slopes.end(), [x = x](const auto& a, const auto& b) {
      return std::abs(std::log(a.x / x)) < std::abs(std::log(b.x / x));
    });
    c.local_slope.push_back(near == o.slopes.end() ? std::nan("") : -near->exponent);
    c.standard_error.push_back(std::nan(""));
    c.count.push_back(1);
  }
  return c;
}

void add_results(const LossTableSection& s, const Row& row, const LossTable& table, Report& report) {
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  const auto list = quantities(row.fit.model);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Quantity& q = list[i];
    Result r;
    r.id = row.objective + "/" + q.name;
    r.stage = "loss_table";
    r.quantity = q.name;
    r.method = row.objective;
    r.measured = {row.fit.parameters.*q.member,
                  s.bootstrap > 0 ? row.resampled.standard_error.*q.member : row.fit.standard_error.*q.member,
                  {row.profile[i][0], row.profile[i][1]}};
    r.fit.model = formula(row.fit.model) + "; " + objective_text(s, row.objective);
    r.fit.window = {*low, *high};
    r.fit.points = static_cast<int>(row.fit.points);
    r.fit.statistical_error = row.fit.standard_error.*q.member;
    r.fit.profile95 = {row.profile[i][0], row.profile[i][1]};
    r.fit.note = fmt::format("objective {:.12g}; standard error {}", row.fit.value,
                             s.bootstrap > 0 ? fmt::format("from {} resampled tables", s.bootstrap)
                                             : "from the curvature of the objective");
    r.verdict = i == 2 && !identified(row) ? "not identified" : "not judged";
    if (i == 0)
      r.curve = curve_of(table, row.outlook);
    report.results.push_back(r);
  }
  Result objective;
  objective.id = row.objective + "/objective";
  objective.stage = "loss_table";
  objective.quantity = "objective";
  objective.method = row.objective;
  objective.measured = {row.fit.value, 0, {}};
  objective.verdict = "not judged";
  report.results.push_back(objective);
}

void warn(const Row& row, Report& report) {
  const auto say = [&](const std::string& what) { report.warnings.push_back(row.objective + ": " + what); };
  if (!row.fit.converged)
    say("the search stopped before the optimum was reached; do not trust the numbers");
  if (row.fit.cross_check > 1e-5)
    say(fmt::format("searching in the exponents alone and in all parameters differ by {:.2g} in an exponent; the "
                    "optimum is flat or not unique",
                    row.fit.cross_check));
  if (!identified(row))
    say("the pedestal is not identified: its 95% interval reaches zero or has no upper end; alpha and E cannot both be "
        "read off these data");
  if (!(row.profile[0][0] > 0) || !std::isfinite(row.profile[0][1]))
    say(fmt::format("alpha is not bounded by the data: 95% interval {}", interval_text(row.profile[0])));
  if (row.resampled.failed > 0)
    say(fmt::format("{} of {} resampled tables have no fit and are left out", row.resampled.failed,
                    row.resampled.replicates.size()));
}

Table parameter_table(const LossTableSection& s, const std::vector<Row>& rows) {
  Table t{"Fitted parameters", {"objective", "value of the objective"}, {}};
  for (const Quantity& q : quantities(rows[0].fit.model))
    for (const std::string& what : {std::string(q.name), std::string("standard error"), std::string("95% profile")})
      t.columns.push_back(what);
  for (const Row& row : rows) {
    std::vector<std::string> cells{objective_text(s, row.objective), cell_text(row.fit.value, 12)};
    const auto list = quantities(row.fit.model);
    for (std::size_t i = 0; i < list.size(); ++i) {
      cells.push_back(cell_text(row.fit.parameters.*list[i].member, 8));
      cells.push_back(
          cell_text((s.bootstrap > 0 ? row.resampled.standard_error : row.fit.standard_error).*list[i].member, 4));
      cells.push_back(interval_text(row.profile[i]));
    }
    t.rows.push_back(cells);
  }
  t.note = fmt::format("{} points, model {}. Standard errors {}.", rows[0].fit.points, formula(rows[0].fit.model),
                       s.bootstrap > 0 ? fmt::format("from {} resampled tables", s.bootstrap)
                                       : "from the curvature of the objective");
  return t;
}

Table hypothesis_table(const ScalingConfig& config, const std::vector<Row>& rows) {
  const std::string band = fmt::format("{:g} to {:g}", config.band[0], config.band[1]);
  Table t{"Hypotheses",
          {"objective", "pedestal needed?", "2 log likelihood ratio", "p", "difference of AICc", "of BIC",
           "alpha in " + band, "running exponent at the end of the data in it",
           "exponent without the pedestal there in it"},
          {}};
  for (const Row& row : rows) {
    std::vector<std::string> cells{row.objective};
    if (row.pedestal) {
      const analysis::PedestalTest& p = *row.pedestal;
      const bool yes = p.p_value < 0.01 && p.delta_bic<0, no = p.p_value> 0.1 && p.delta_bic > 0;
      cells.insert(cells.end(), {yes  ? "yes"
                                 : no ? "no"
                                      : "undecided",
                                 cell_text(p.likelihood_ratio, 4), cell_text(p.p_value, 2), cell_text(p.delta_aicc, 4),
                                 cell_text(p.delta_bic, 4)});
    } else {
      cells.insert(cells.end(), {"not in the model", "-", "-", "-", "-"});
    }
    const auto described = [&](const Interval& i) { return band_text(i, config.band) + " (" + interval_text(i) + ")"; };
    cells.push_back(described(row.profile[0]));
    cells.push_back(described(row.outlook.running.interval()));
    cells.push_back(described(row.outlook.corrected.interval()));
    t.rows.push_back(cells);
  }
  t.note = "AICc and BIC: with the pedestal minus without; negative favours it. Exponents at the end of the data are "
           "slopes of log L, and of log(L - E - other term), over the points of largest x.";
  return t;
}

Table outlook_table(const std::vector<Row>& rows) {
  Table t{"Where the data sit, and what comes next",
          {"objective", "largest x", "N_crit = (A/E)^(1/alpha)", "largest x / N_crit",
           "running exponent of the law there", "x to halve the reducible loss", "x to halve the total loss",
           "compute-optimal: N ~ C^", "reducible loss ~ C^-", "C to halve the reducible loss", "held-out points",
           "predicted off by (rms)", "scatter of the fit"},
          {}};
  for (const Row& row : rows) {
    const analysis::Outlook& o = row.outlook;
    t.rows.push_back(
        {row.objective, cell_text(o.largest_x, 4), cell_text(o.critical_x, 4), cell_text(o.largest_x / o.critical_x, 4),
         cell_text(o.law_running, 4), cell_text(o.halve_reducible, 4), cell_text(o.halve_total, 4),
         cell_text(o.optimal_share, 4), cell_text(o.optimal_exponent, 4), cell_text(o.optimal_halving, 4),
         row.held_out ? fmt::format("{}", row.held_out->points) : "-",
         row.held_out ? fmt::format("{:.3g}% (mean {:+.3g}%)", 100 * row.held_out->rms, 100 * row.held_out->mean) : "-",
         row.held_out ? fmt::format("{:.3g}%", 100 * row.held_out->scatter) : "-"});
  }
  t.note = "x multiplies its present largest value, all else fixed. Infinite: no amount of x gets there, the pedestal "
           "(and the other term) are above half of the loss.";
  return t;
}

Figure loss_figure(const LossTable& table, const Row& row) {
  const LossParameters& p = row.fit.parameters;
  Figure f{"losses",
           "Losses and law",
           fmt::format("{}, {}. Dashed: the reducible part A/x^alpha.{}", formula(row.fit.model), row.objective,
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

Figure running_figure(const ScalingConfig& config, const LossTable& table, const Row& row) {
  Figure f{
      "running_data",
      "Running exponent of the data",
      "Slopes of log L over neighbouring points with their standard errors; the line is the fitted law's own running "
      "exponent, the dashed one its alpha.",
      "x",
      "running exponent",
      false,
      {},
      config.band,
      fmt::format("band {:g} to {:g}", config.band[0], config.band[1])};
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

std::string answer_of(const ScalingConfig& config, const Row& row) {
  std::string text = fmt::format("{} ({}): alpha = {:.5g}, 95% {}", formula(row.fit.model),
                                 objective_text(config.loss_table, row.objective), row.fit.parameters.alpha,
                                 interval_text(row.profile[0]));
  if (row.fit.model != LossModel::power)
    text += identified(row)
                ? fmt::format(", pedestal E = {:.5g} ({})", row.fit.parameters.pedestal, interval_text(row.profile[2]))
                : ", but the pedestal is not identified by these data, and alpha with it";
  if (row.pedestal && identified(row))
    text += row.pedestal->p_value < 0.01 && row.pedestal->delta_bic < 0 ? "; the data need the pedestal"
                                                                        : "; the data do not prove the pedestal";
  text += fmt::format("; alpha is {} the band {:g} to {:g}, the running exponent at the end of the data, {:.3g}, is {}",
                      band_text(row.profile[0], config.band), config.band[0], config.band[1],
                      row.outlook.running.exponent, band_text(row.outlook.running.interval(), config.band));
  return text + fmt::format("; halving the reducible loss takes {:.4g} times x.", row.outlook.halve_reducible);
}

Row analyse(const ScalingConfig& config, const LossTable& table, const std::string& objective,
            const core::Communicator& communicator, core::Progress& progress) {
  const LossTableSection& s = config.loss_table;
  Row row;
  row.objective = objective;
  {
    auto stage = progress.begin(objective + ": fit", 0);
    row.fit = analysis::fit_losses(table, model_of(s),
                                   {analysis::objective_of(objective), s.delta, s.method == "variable_projection"});
    for (const Quantity& q : quantities(row.fit.model))
      row.profile.push_back(analysis::profile_interval(table, row.fit, q.parameter));
    if (row.fit.model != LossModel::power)
      row.pedestal = analysis::test_pedestal(table, row.fit);
    row.outlook = analysis::outlook(table, row.fit);
    row.held_out = analysis::predict_held_out(table, row.fit, s.held_out);
  }
  auto stage = progress.begin(objective + ": bootstrap",
                              static_cast<double>(s.bootstrap) / static_cast<double>(communicator.size()));
  if (s.bootstrap > 0)
    row.resampled =
        analysis::bootstrap(table, row.fit, s.bootstrap, config.seed(), communicator, [&] { stage.advance(); });
  return row;
}

} // namespace

LossTable loss_table_of(const ScalingConfig& config, const std::string& text) {
  return analysis::read_loss_table(config.table_file(), text, columns_of(config.loss_table));
}

void study_losses(const ScalingConfig& config, const LossTable& table, const core::Communicator& communicator,
                  core::Progress& progress, Report& report, ScalingPage& page) {
  const LossTableSection& s = config.loss_table;
  std::vector<Row> rows;
  for (const std::string& objective : s.objectives) {
    rows.push_back(analyse(config, table, objective, communicator, progress));
    add_results(s, rows.back(), table, report);
    warn(rows.back(), report);
    page.answers.push_back(answer_of(config, rows.back()));
  }
  report.verdict = page.answers.front();
  page.tables = {parameter_table(s, rows), hypothesis_table(config, rows), outlook_table(rows)};
  page.figures = {loss_figure(table, rows.front()), running_figure(config, table, rows.front())};
}

} // namespace cascade::app
