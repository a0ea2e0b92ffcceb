#include "app/scaling/loss_table.hpp"

#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/table_text.hpp"
#include "app/plan/fit.hpp"
#include "app/scaling/loss_figures.hpp"
#include "app/scaling/loss_page.hpp"
#include "app/scaling/loss_words.hpp"
#include "app/scaling/table_file.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <tuple>

namespace cascade::app {
namespace {

using analysis::LossTable;

analysis::LossColumns columns_of(const LossTableStudy& s) {
  analysis::LossColumns c;
  c.loss = s.loss;
  c.first = s.x;
  c.second = s.z;
  c.second_is_compute = s.z_is_compute;
  c.drop_highest = static_cast<int>(s.drop_highest);
  c.drop_missing = s.missing == "drop";
  c.weight = s.weight;
  for (const FilterSection& f : s.filters)
    c.filters.push_back({f.column, f.equals.empty() ? std::nullopt : std::optional(f.equals), f.at_least, f.at_most});
  return c;
}

/// The table in increasing x, with the running exponent where one is measured, and the law; residuals are those of
/// log L over their rms.
analysis::Curve curve_of(const LossTableStudy& s, const LossTable& table, const LossRow& row) {
  const analysis::Outlook& o = row.outlook;
  analysis::Curve c;
  c.x_axis = {s.x_name(), "1"};
  c.y_axis = {s.loss, "1"};
  std::vector<std::tuple<double, double, double>> points; // x, loss, fitted
  double squares = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double law = row.parameters().loss(table.x[i], table.two_variables() ? table.z[i] : 1);
    points.emplace_back(table.x[i], table.loss[i], law);
    squares += std::pow(std::log(table.loss[i] / law), 2);
  }
  std::sort(points.begin(), points.end());
  const double scatter = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(points.size(), 1)));
  for (const auto& [x, y, law] : points) {
    c.x.push_back(x);
    c.y.push_back(y);
    c.fitted.push_back(law);
    c.residual.push_back(scatter > 0 ? std::log(y / law) / scatter : 0);
    const auto near = std::min_element(o.slopes.begin(), o.slopes.end(), [x = x](const auto& a, const auto& b) {
      return std::abs(std::log(a.x / x)) < std::abs(std::log(b.x / x));
    });
    c.local_slope.push_back(near == o.slopes.end() ? std::nan("") : -near->exponent);
    c.standard_error.push_back(std::nan(""));
    c.count.push_back(1);
  }
  return c;
}

std::string id_of(const std::string& name) { // log A: log_A
  std::string id = name;
  std::replace(id.begin(), id.end(), ' ', '_');
  return id;
}

void add_results(const LossTableStudy& s, const LossRow& row, const LossTable& table, Report& report) {
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  for (const LossNumber& n : loss_numbers(row)) {
    analysis::Result r;
    r.id = row.objective + "/" + id_of(n.name);
    r.stage = "loss_table";
    r.quantity = n.name;
    r.method = row.objective;
    r.measured = {n.value, n.error, {n.quoted[0], n.quoted[1]}};
    r.fit.model = loss_formula(row.fit().model) + "; " + objective_text(s, row.objective);
    r.fit.window = {*low, *high};
    r.fit.points = static_cast<int>(row.fit().points);
    r.fit.statistical_error = n.profile_error;
    r.fit.profile95 = {n.quoted[0], n.quoted[1]};
    r.fit.note = fmt::format("objective {}; standard error {}; 95% for residuals of equal size {}, of any size {}",
                             core::number_text(row.fit().value),
                             row.has_resampled() ? fmt::format("from {} resampled tables", s.bootstrap)
                                                 : "from the profile interval",
                             interval_text(n.equal), interval_text(n.any));
    r.fit.chi2_per_dof = r.fit.loglog_slope = std::nan("");
    if (n.name == "alpha")
      r.curve = curve_of(s, table, row);
    const bool open =
        row.answer.status == analysis::LossStatus::not_described || row.answer.status == analysis::LossStatus::pinned;
    const Verdict verdict = open                                         ? Verdict::undecided
                            : n.name == "E" && !pedestal_identified(row) ? Verdict::not_identified
                                                                         : Verdict::not_judged;
    report.results.push_back(unjudged(std::move(r), verdict));
  }
  analysis::Result objective;
  objective.id = row.objective + "/objective";
  objective.stage = "loss_table";
  objective.quantity = "objective";
  objective.method = row.objective;
  objective.measured = {row.fit().value, 0, {}};
  objective.fit.chi2_per_dof = objective.fit.loglog_slope = std::nan("");
  report.results.push_back(unjudged(std::move(objective)));
}

} // namespace

void FilterSection::declare(core::ParameterVisitor& v) {
  v.text("column", column, {"1", "column of the table (required)"});
  v.text("equals", equals, {"1", "keep rows with this text, or this number, in quotes: '1'"});
  v.real("at_least", at_least, {}, {"1", "keep rows with at least this number"});
  v.real("at_most", at_most, {}, {"1", "keep rows with at most this number"});
}

void PublishedSection::declare(core::ParameterVisitor& v) {
  v.text("name", name, {"1", "parameter: alpha, A, log A, E, beta, B or log B (required)"});
  v.real("value", value, {}, {"1", "its published value (required)"});
  v.real("error", error, {}, {"1", "its published standard error"});
  v.text("source", source, {"1", "where it was published"});
}

void LossTableStudy::declare(core::ParameterVisitor& v) {
  v.text("file", file,
         {"1",
          "table with a header line (which may begin with '#'), cells separated by commas, semicolons, tabs or blanks; "
          "relative to the input file's folder (required)"});
  v.text("loss", loss, {"1", "column of the losses"});
  v.text("x", x, {"1", "column of the first resource, e.g. parameters (required)"});
  v.text("z", z, {"1", "column of the second resource, e.g. training tokens (models two_variables and tied)"});
  v.boolean("z_is_compute", z_is_compute, {"1", "column z holds the training compute C, and z = C/(6 x)"});
  v.sections("filters", filters, "Rows to keep: all filters must hold.");
  v.integer("drop_highest", drop_highest, {0, 1e9}, {"1", "leave out so many of the highest losses (outliers)"});
  v.choice(
      "missing", missing, {"refuse", "drop"},
      {"1", "rows with nothing (empty, nan, NA, inf, ...) where a number is needed: refused, or left out and counted"});
  v.text("weight", weight, {"1", "column of the weight of each row in the objective, e.g. 1/sd^2; none: 1 each"});
  v.choice("model", model, analysis::loss_model_names(),
           {"1", "A/x^alpha, E + A/x^alpha, E + A/x^alpha + B/z^beta, or the last with beta = alpha"});
  v.choices("objectives", objectives, analysis::objective_names(),
            {"1",
             "what is minimised, one row of results each: sum of squares of L or of log L, Huber's function of log "
             "L, absolute deviations of log L, Huber's function with residuals below the law weighing more"});
  v.real("delta", delta, {1e-8, 100}, {"1", "where Huber's function turns from quadratic to linear"});
  v.real("asymmetry", asymmetry, {1e-3, 1e3},
         {"1", "asymmetric_huber_log: weight of a loss below the law, over that of one above"});
  v.choice("method", method, {"variable_projection", "all_variables"},
           {"1", "search in the exponents alone, or in all parameters; each is checked against the other"});
  v.integer("bootstrap", bootstrap, {0, 1e7}, {"1", "resampled tables; 0: none, errors from the profile"});
  v.text("x_label", x_label,
         {"1", "what x is called on the page, e.g. parameters N; the name of its column by default"});
  v.text("z_label", z_label, {"1", "what z is called on the page; the name of its column, or tokens, by default"});
  v.sections("published", published,
             "Published values of parameters, shown beside the fitted ones; nothing is judged by them.");
  v.real("held_out", held_out, {0, 0.5}, {"1", "share of the points, those of largest x, that a second fit predicts"});
}

void LossTableStudy::validate(core::Problems& problems) const {
  if (file.empty())
    problems.add("file", "missing; the table of losses");
  if (x.empty())
    problems.add("x", "missing; the column of the first resource");
  if (loss.empty())
    problems.add("loss", "empty; the column of the losses");
  const bool two = model == "two_variables" || model == "tied";
  if (two && z.empty())
    problems.add("z", fmt::format("missing; model {} needs the column of the second resource", model));
  if (!two && !z.empty())
    problems.add("z", fmt::format("model {} has one variable only; leave it out, or use model: two_variables", model));
  if (!x.empty() && x == loss)
    problems.add("x", fmt::format("'{}' is the column of the losses too", x));
  if (!z.empty() && (z == loss || z == x))
    problems.add("z", fmt::format("'{}' is the column of {} too", z, z == x ? "x" : "the losses"));
  if (!weight.empty() && (weight == loss || weight == x || weight == z))
    problems.add("weight", fmt::format("'{}' is the column of the losses or of a resource too", weight));
  if (objectives.empty())
    problems.add("objectives", "empty; at least one");
  for (std::size_t i = 0; i < published.size(); ++i) {
    const std::vector<std::string> names{"alpha", "A", "log A", "E", "beta", "B", "log B"};
    const std::string place = fmt::format("published[{}]", i);
    if (std::find(names.begin(), names.end(), published[i].name) == names.end())
      problems.add(place + ".name", fmt::format("allowed: {}", fmt::join(names, ", ")));
    if (!published[i].value)
      problems.add(place + ".value", "missing; the published value");
    if (published[i].error && !(*published[i].error > 0))
      problems.add(place + ".error", "allowed: above 0");
  }
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const FilterSection& f = filters[i];
    const std::string path = fmt::format("filters[{}]", i);
    if (f.column.empty())
      problems.add(path + ".column", "missing; a column of the table");
    if (f.equals.empty() && !f.at_least && !f.at_most)
      problems.add(path, "keeps everything; give equals, at_least or at_most");
  }
}

std::string LossTableStudy::z_name() const {
  return !z_label.empty() ? z_label : z_is_compute ? "tokens" : z;
}

std::string LossTableStudy::path(const std::string& input_file) const {
  const std::filesystem::path named(file);
  return named.is_absolute() ? named.string() : (std::filesystem::path(input_file).parent_path() / named).string();
}

void LossTableStudy::load(const std::string& input_file, const core::Communicator& communicator) {
  const std::string place = path(input_file);
  const Machine machine = describe_machine(communicator);
  const auto require = [&](const core::MemoryParts& parts) {
    require_room(fmt::format("{}: loss_table.file: {}: reading it", input_file, place),
                 {parts, "leave columns and rows that are not needed out of the file, or run fewer ranks a node"},
                 machine);
  };
  const std::string text = read_table(place, "loss_table.file", communicator, require);
  read_memory = core::together(text_memory(text.size()), analysis::text_table_memory(text));
  require(read_memory);
  table = analysis::read_loss_table(place, text, columns_of(*this));
  analysis::require_enough(table, analysis::loss_model_of(model));
}

core::MemoryParts LossTableStudy::memory() const {
  constexpr double columns = 5, copies = 4; // of x, z, loss, weight, line: itself, held-out and fitted parts, residuals
  const double points = columns * copies * sizeof(double) * static_cast<double>(table.size()),
               tables = 3 * sizeof(analysis::LossParameters) * static_cast<double>(bootstrap);
  return core::in_turn(read_memory, {{"points and their residuals", points}, {"fits of resampled tables", tables}});
}

std::string LossTableStudy::plan() const {
  return fmt::format("{} ({} points{}), model {}, objectives {}, {} resampled tables each", table.name, table.size(),
                     table.missing > 0 ? fmt::format(", {} rows without a number left out", table.missing) : "", model,
                     fmt::join(objectives, ", "), bootstrap);
}

void LossTableStudy::run(const StudyRun& run, Report& report) const {
  std::vector<LossRow> rows;
  for (const std::string& warning : table_warnings(table))
    report.warnings.push_back(warning);
  for (const std::string& objective : objectives) {
    rows.push_back(analyse_losses(*this, objective, run));
    add_results(*this, rows.back(), table, report);
    for (const std::string& warning : row_warnings(rows.back()))
      report.warnings.push_back(fmt::format("{}: {}", objective, warning));
    report.page.answers.push_back(loss_answer(*this, run.band, rows.back()));
  }
  report.verdict = report.page.answers.front();
  report.page.tables = {parameter_table(*this, rows), hypothesis_table(run.band, rows), outlook_table(*this, rows)};
  report.answer = band_answer(run.band, rows.front());
  report.verdict = report.answer.line() + " " + report.verdict;
  report.page.figures = {loss_figure(*this, rows.front()), running_figure(*this, run.band, rows.front()),
                         residual_figure(*this, rows.front())};
  for (const Judged& judged : report.results) // the curve of each is the table, which the first figure shows
    report.page.figures.front().results.push_back(judged.result.id);
}

} // namespace cascade::app
