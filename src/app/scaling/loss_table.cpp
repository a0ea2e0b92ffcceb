#include "app/scaling/loss_table.hpp"

#include "analysis/losses/loss_search.hpp"
#include "app/scaling/loss_page.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cascade::app {
namespace {

using analysis::LossModel;
using analysis::LossTable;
using analysis::Spread;

analysis::LossColumns columns_of(const LossTableStudy& s) {
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

LossModel model_of(const LossTableStudy& s) {
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

void add_results(const LossTableStudy& s, const LossRow& row, const LossTable& table, Report& report) {
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

LossRow analyse(const LossTableStudy& s, const std::string& objective, const StudyRun& run) {
  const LossTable& table = s.table;
  LossRow row;
  row.objective = objective;
  {
    auto stage = run.progress.begin(objective + ": fit", 0);
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
  auto stage = run.progress.begin(objective + ": bootstrap",
                                  static_cast<double>(s.bootstrap) / static_cast<double>(run.ranks.size()));
  if (s.bootstrap > 0)
    row.resampled = analysis::bootstrap(table, row.fit, s.bootstrap, run.seed, run.ranks, [&] { stage.advance(); });
  return row;
}

constexpr std::uintmax_t largest_table = std::uintmax_t{1} << 28;

/// Rank 0 reads, all get it. Collective.
std::string read_table(const std::string& file, const core::Communicator& communicator) {
  std::string text;
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const auto refuse = [&](const std::string& why) {
      throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", file, why));
    };
    std::error_code error;
    if (!std::filesystem::exists(file, error))
      refuse("no such file (loss_table.file is relative to the folder of the input file)");
    if (!std::filesystem::is_regular_file(file, error))
      refuse("is not a regular file");
    if (std::filesystem::file_size(file, error) > largest_table)
      refuse(fmt::format("larger than {} bytes", largest_table));
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream all;
    all << stream.rdbuf();
    if (!stream)
      refuse("cannot be read, or is empty");
    text = all.str();
  });
  return communicator.broadcast(text, 0);
}

} // namespace

void FilterSection::declare(core::ParameterVisitor& v) {
  v.text("column", column, {"1", "column of the table (required)"});
  v.text("equals", equals, {"1", "keep rows with this text, or this number, in quotes: '1'"});
  v.real("at_least", at_least, {}, {"1", "keep rows with at least this number"});
  v.real("at_most", at_most, {}, {"1", "keep rows with at most this number"});
}

void LossTableStudy::declare(core::ParameterVisitor& v) {
  v.text("file", file,
         {"1", "table with a header line, cells separated by commas, semicolons or tabs; relative to the input file's "
               "folder (required)"});
  v.text("loss", loss, {"1", "column of the losses"});
  v.text("x", x, {"1", "column of the first resource, e.g. parameters (required)"});
  v.text("z", z, {"1", "column of the second resource, e.g. training tokens (model two_variables)"});
  v.boolean("z_is_compute", z_is_compute, {"1", "column z holds the training compute C, and z = C/(6 x)"});
  v.sections("filters", filters, "Rows to keep: all filters must hold.");
  v.integer("drop_highest", drop_highest, {0, 1e9}, {"1", "leave out so many of the highest losses (outliers)"});
  v.choice("model", model, {"power", "pedestal", "two_variables"},
           {"1", "A/x^alpha, E + A/x^alpha, or E + A/x^alpha + B/z^beta"});
  v.choices("objectives", objectives, analysis::objective_names(),
            {"1",
             "what is minimised, one row of results each: sum of squares of L or of log L, Huber's function of log "
             "L, absolute deviations of log L"});
  v.real("delta", delta, {1e-8, 100}, {"1", "where Huber's function turns from quadratic to linear"});
  v.choice("method", method, {"variable_projection", "all_variables"},
           {"1", "search in the exponents alone, or in all parameters; each is checked against the other"});
  v.integer("bootstrap", bootstrap, {0, 1e7}, {"1", "resampled tables; 0: none, errors from the curvature"});
  v.real("held_out", held_out, {0, 0.5}, {"1", "share of the points, those of largest x, that a second fit predicts"});
}

void LossTableStudy::validate(core::Problems& problems) const {
  if (file.empty())
    problems.add("file", "missing; the table of losses");
  if (x.empty())
    problems.add("x", "missing; the column of the first resource");
  if (loss.empty())
    problems.add("loss", "empty; the column of the losses");
  if (model == "two_variables" && z.empty())
    problems.add("z", "missing; model two_variables needs the column of the second resource");
  if (model != "two_variables" && !z.empty())
    problems.add("z", fmt::format("model {} has one variable only; leave it out, or use model: two_variables", model));
  if (objectives.empty())
    problems.add("objectives", "empty; at least one");
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const FilterSection& f = filters[i];
    const std::string path = fmt::format("filters[{}]", i);
    if (f.column.empty())
      problems.add(path + ".column", "missing; a column of the table");
    if (f.equals.empty() && !f.at_least && !f.at_most)
      problems.add(path, "keeps everything; give equals, at_least or at_most");
  }
}

std::string LossTableStudy::path(const std::string& input_file) const {
  const std::filesystem::path named(file);
  return named.is_absolute() ? named.string() : (std::filesystem::path(input_file).parent_path() / named).string();
}

void LossTableStudy::load(const std::string& input_file, const core::Communicator& communicator) {
  const std::string place = path(input_file);
  table = analysis::read_loss_table(place, read_table(place, communicator), columns_of(*this));
}

std::string LossTableStudy::plan() const {
  return fmt::format("{} ({} points), model {}, objectives {}, {} resampled tables each", table.name, table.size(),
                     model, fmt::join(objectives, ", "), bootstrap);
}

void LossTableStudy::run(const StudyRun& run, Report& report) const {
  std::vector<LossRow> rows;
  for (const std::string& objective : objectives) {
    rows.push_back(analyse(*this, objective, run));
    add_results(*this, rows.back(), table, report);
    warn(rows.back(), report);
    report.page.answers.push_back(loss_answer(*this, run.band, rows.back()));
  }
  report.verdict = report.page.answers.front();
  report.page.tables = {parameter_table(*this, rows), hypothesis_table(run.band, rows), outlook_table(rows)};
  report.page.figures = {loss_figure(table, rows.front()), running_figure(run.band, table, rows.front())};
  for (const Judged& judged : report.results) // the curve of each is the table, which the first figure shows
    report.page.figures.front().results.push_back(judged.result.id);
}

} // namespace cascade::app
