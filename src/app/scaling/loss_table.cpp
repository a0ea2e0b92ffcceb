// Study loss_table: fits, how sure they are, and what follows from them.
#include "analysis/losses/loss_search.hpp"
#include "app/scaling/loss_page.hpp"
#include "app/scaling/task.hpp"
#include "app/verdict/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::LossModel;
using analysis::LossTable;
using analysis::Spread;

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

/// The table in increasing x, with the running exponent where one is measured.
analysis::Curve curve_of(const LossTable& table, const analysis::Outlook& o) {
  analysis::Curve c;
  c.x_axis = {"x", "1"};
  c.y_axis = {"L", "1"};
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

void add_results(const LossTableSection& s, const LossRow& row, const LossTable& table, Report& report) {
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  const auto list = loss_quantities(row.fit.model);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const LossQuantity& q = list[i];
    analysis::Result r;
    r.id = row.objective + "/" + q.name;
    r.stage = "loss_table";
    r.quantity = q.name;
    r.method = row.objective;
    r.measured = {row.fit.parameters.*q.member, row.error().*q.member, {row.interval()[i][0], row.interval()[i][1]}};
    r.fit.model = loss_formula(row.fit.model) + "; " + objective_text(s, row.objective);
    r.fit.window = {*low, *high};
    r.fit.points = static_cast<int>(row.fit.points);
    r.fit.statistical_error = (row.few() ? row.fit.standard_error : row.fit.robust_error).*q.member;
    r.fit.profile95 = {row.interval()[i][0], row.interval()[i][1]};
    r.fit.note = fmt::format(
        "objective {:.12g}; standard error {}; 95% for residuals of equal size {}, of any size {}", row.fit.value,
        s.bootstrap > 0 ? fmt::format("from {} resampled tables", s.bootstrap) : "from the curvature of the objective",
        interval_text(row.equal[i]), interval_text(row.any[i]));
    r.fit.chi2_per_dof = r.fit.loglog_slope = std::nan("");
    if (i == 0)
      r.curve = curve_of(table, row.outlook);
    const bool pinned_down = i != 2 || identified(row);
    report.results.push_back(unjudged(std::move(r), pinned_down ? Verdict::not_judged : Verdict::not_identified));
  }
  analysis::Result objective;
  objective.id = row.objective + "/objective";
  objective.stage = "loss_table";
  objective.quantity = "objective";
  objective.method = row.objective;
  objective.measured = {row.fit.value, 0, {}};
  objective.fit.chi2_per_dof = objective.fit.loglog_slope = std::nan("");
  report.results.push_back(unjudged(std::move(objective)));
}

void warn(const LossRow& row, Report& report) {
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
  if (!(row.interval()[0][0] > 0) || !std::isfinite(row.interval()[0][1]))
    say(fmt::format("alpha is not bounded by the data: 95% interval {}", interval_text(row.interval()[0])));
  if (!(row.fit.parameters.alpha > 0) || row.fit.parameters.beta < 0)
    say("an exponent is not above zero: the losses do not fall with that resource, and no amount of it halves them");
  if (row.fit.points < 4 * row.equal.size())
    say(fmt::format("{} points for {} parameters: the intervals lean on normal errors, of equal size for least squares",
                    row.fit.points, row.equal.size()));
  if (row.resampled.failed > 0)
    say(fmt::format("{} of {} resampled tables have no fit and are left out", row.resampled.failed,
                    row.resampled.replicates.size()));
}

LossRow analyse(const ScalingConfig& config, const LossTable& table, const std::string& objective,
                const core::Communicator& communicator, core::Progress& progress) {
  const LossTableSection& s = config.loss_table;
  LossRow row;
  row.objective = objective;
  {
    auto stage = progress.begin(objective + ": fit", 0);
    row.fit = analysis::fit_losses(table, model_of(s),
                                   {analysis::objective_of(objective), s.delta, s.method == "variable_projection"});
    for (const LossQuantity& q : loss_quantities(row.fit.model)) {
      row.any.push_back(analysis::profile_interval(table, row.fit, q.parameter, Spread::any));
      row.equal.push_back(analysis::profile_interval(table, row.fit, q.parameter));
    }
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
  std::vector<LossRow> rows;
  for (const std::string& objective : s.objectives) {
    rows.push_back(analyse(config, table, objective, communicator, progress));
    add_results(s, rows.back(), table, report);
    warn(rows.back(), report);
    page.answers.push_back(loss_answer(config, rows.back()));
  }
  report.verdict = page.answers.front();
  page.tables = {parameter_table(s, rows), hypothesis_table(config, rows), outlook_table(rows)};
  page.figures = {loss_figure(table, rows.front()), running_figure(config, table, rows.front())};
}

} // namespace cascade::app
