#include "app/scaling/optimum/study.hpp"

#include "analysis/losses/loss_search.hpp"
#include "analysis/scaling/laws/law.hpp"
#include "app/plan/fit.hpp"
#include "app/scaling/optimum/findings.hpp"
#include "app/scaling/optimum/gpu.hpp"
#include "app/scaling/optimum/page.hpp"
#include "app/scaling/table_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

namespace cascade::app {
namespace {

using analysis::RunRole;

struct RoleHelp {
  RunRole role;
  const char* text;
};
constexpr RoleHelp role_help[] = {
    {RunRole::loss, "column of the losses"},
    {RunRole::params, "column of the parameters N"},
    {RunRole::tokens, "column of the training tokens D"},
    {RunRole::compute, "column of the training compute C in FLOP; without it C = 6 N D"},
    {RunRole::unique, "column of the unique tokens, where data are repeated"},
    {RunRole::multiplier, "column of tokens a parameter, where there is none of tokens"},
    {RunRole::run, "column that says which rows are checkpoints of one run"},
    {RunRole::group, "column of what runs differ in beside size and tokens: data set, optimiser"},
    {RunRole::sd, "column of the standard deviation of each loss: rows weigh 1/sd^2"},
    {RunRole::error, "column of an error (or an accuracy, taken from one) beside the loss"},
    {RunRole::experts, "column of the number of experts of routed models"},
    {RunRole::horizon, "column of the length of the learning rate's decay, in the unit of tokens"}};

analysis::RunReading reading_of(const ComputeOptimalStudy& s, const analysis::RunColumns& columns) {
  analysis::RunReading r;
  r.columns = columns;
  r.drop_highest = static_cast<int>(s.drop_highest);
  r.allow_unfinished = s.allow_unfinished;
  for (const FilterSection& f : s.filters)
    r.filters.push_back({f.column, f.equals.empty() ? std::nullopt : std::optional(f.equals), f.at_least, f.at_most});
  return r;
}

std::string three_digits(double compute) {
  return core::number_text(compute, 3);
}

/// "48.4M to 2.01B".
std::string range_text(const std::vector<double>& values, const std::function<std::string(double)>& text = human) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{} to {}", text(*low), text(*high));
}

std::vector<std::string> law_names() {
  std::vector<std::string> names;
  for (const analysis::ScalingLawEntry& entry : analysis::scaling_laws())
    names.push_back(entry.name);
  return names;
}

} // namespace

void HeldSection::declare(core::ParameterVisitor& v) {
  v.choice("law", law, law_names(), {"1", "a law (required)"});
  v.text("number", number, {"1", "its number as the report names it: alpha, log A, E, R_D (required)"});
  v.real("value", value, {}, {"1", "what it is held at (required)"});
}

void ComputeOptimalStudy::declare(core::ParameterVisitor& v) {
  v.text("file", file,
         {"1", "table with a header line, one line a run; relative to the input file's folder (required)"});
  for (const RoleHelp& r : role_help)
    v.text(analysis::run_role_names()[static_cast<std::size_t>(r.role)], columns[r.role],
           {"1", std::string(r.text) + "; guessed from the names where it is left out, none: there is none"});
  v.sections("filters", filters, "Rows to keep: all filters must hold.");
  v.text("keep", keep, {"1", "the groups that are answered for, as one, a, b; by default the one with most rows"});
  v.integer("drop_highest", drop_highest, {0, 1e9}, {"1", "leave out so many of the highest losses (outliers)"});
  v.boolean(
      "allow_unfinished", allow_unfinished,
      {"1", "take rows before the end of their learning rate's decay like others, though their losses are too high"});
  v.choice("model", model, {"automatic", "two_variables", "tied"},
           {"1", "E + A/N^alpha + B/D^beta, or beta = alpha; automatic: the first; where D/N is the same in every row, "
                 "automatic and tied take compute for the resource"});
  v.choice("objective", objective, analysis::objective_names(),
           {"1",
            "what is minimised: sum of squares of L or log L, of Huber's function, of absolute deviations of log L, "
            "Huber's function with residuals below the law weighing more, minus the log likelihood of Student's t with "
            "four degrees of freedom"});
  v.real("delta", delta, {1e-8, 100}, {"1", "where Huber's function turns from quadratic to linear"});
  v.real("asymmetry", asymmetry, {1e-3, 1e3},
         {"1", "asymmetric_huber_log: weight of a loss below the law, over that of one above"});
  v.integer("bootstrap", bootstrap, {20, 1e6}, {"1", "resampled tables, whole runs at a time"});
  v.text("target", target,
         {"1",
          "what to answer for: a compute (1e24), N=7e9,D=2e12 or loss=2.0, several between semicolons; by default ten "
          "times the largest compute of the table"});
  v.choice("gpu", gpu, gpu_names(), {"1", "what compute is priced in"});
  v.real("utilisation", utilisation, {0.01, 1}, {"1", "share of the peak that training reaches"});
  v.real("price", price, {0, 1e6}, {"money", "of a GPU hour"});
  v.real("facility", facility, {1, 10}, {"1", "power of the whole facility over that of the GPUs (PUE)"});
  v.reals("budgets", budgets, {1, 1e40}, {"FLOP", "isoFLOP budgets; by default found in the table"});
  v.real("budget_tolerance", budget_tolerance, {1e-6, 1}, {"1", "rows within this share of a budget belong to it"});
  v.real("window", window, {0, 1e6}, {"1", "parabolas go through sizes within this factor of the best; 0: all"});
  v.choice("parabola_of", parabola_of, {"loss", "log_loss"}, {"1", "what the parabolas are fitted to"});
  v.choices("laws", laws, law_names(), {"1", "further laws to fit; by default those that suit the table"});
  v.sections("hold", hold, "Numbers of laws that are held, not fitted.");
  v.sections("published", published, "Published values, shown beside ours; nothing is judged by them.");
}

void ComputeOptimalStudy::validate(core::Problems& problems) const {
  if (file.empty())
    problems.add("file", "missing; the table of training runs");
  std::string problem;
  targets_of(target, problem);
  if (!problem.empty())
    problems.add("target", problem);
  for (std::size_t i = 0; i < published.size(); ++i)
    if (published[i].name.empty() || !published[i].value)
      problems.add(fmt::format("published[{}]", i), "needs name and value");
  for (std::size_t i = 0; i < hold.size(); ++i)
    if (hold[i].number.empty() || !hold[i].value)
      problems.add(fmt::format("hold[{}]", i), "needs law, number and value");
    else if (std::any_of(hold.begin(), hold.begin() + static_cast<std::ptrdiff_t>(i), [&](const HeldSection& before) {
               return before.law == hold[i].law && before.number == hold[i].number;
             }))
      problems.add(fmt::format("hold[{}]", i), fmt::format("{} of law {} is held above", hold[i].number, hold[i].law));
  for (std::size_t i = 0; i < filters.size(); ++i)
    if (filters[i].column.empty() || (filters[i].equals.empty() && !filters[i].at_least && !filters[i].at_most))
      problems.add(fmt::format("filters[{}]", i), "needs a column, and equals, at_least or at_most");
}

void ComputeOptimalStudy::load(const std::string& input_file, const core::Communicator& communicator) {
  const std::filesystem::path named(file);
  const std::string place =
      named.is_absolute() ? named.string() : (std::filesystem::path(input_file).parent_path() / named).string();
  const Machine machine = describe_machine(communicator);
  const auto require = [&](const core::MemoryParts& parts) {
    require_room(fmt::format("{}: reading it", place),
                 {parts, "leave columns and rows that are not needed out of the file, or run fewer ranks a node"},
                 machine);
  };
  const std::string text = read_table(place, "compute_optimal.file", communicator, require);
  read_memory = core::together(text_memory(text.size()), analysis::text_table_memory(text));
  require(read_memory);
  analysis::TableComplaints complaints{place, {}};
  const analysis::TextTable cells = analysis::read_text_table(text, complaints);
  complaints.throw_if_any();
  analysis::ColumnGuess guess = analysis::guess_columns(cells, columns, complaints);
  complaints.throw_if_any();
  table = analysis::read_run_table(place, cells, reading_of(*this, guess.columns));
  notes = guess.notes;
  if (cells.titles > 0)
    notes.push_back(fmt::format("{} lines above the names of the columns are passed over", cells.titles));
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  for (std::size_t role = 0; role < analysis::run_roles; ++role) // what was used is what the resolved input says
    columns.name[role] = guess.columns.name[role].empty() ? "none" : guess.columns.name[role];
  // refuses a group that is not there, tables too small, numbers that cannot be held, before anything is made
  require_held(*this, choose_rows(*this));
}

core::MemoryParts ComputeOptimalStudy::memory() const {
  constexpr double doubles_a_row = 60; // columns, subsets of the roll-out and of the sensitivity, residuals, logarithms
  return core::in_turn(read_memory, {{"rows of the table and what is made of them",
                                      doubles_a_row * sizeof(double) * static_cast<double>(table.size())},
                                     {"laws of resampled tables",
                                      3 * sizeof(analysis::LossParameters) * static_cast<double>(bootstrap)}});
}

std::string ComputeOptimalStudy::plan() const {
  return fmt::format("{} ({} rows), {}, {} resampled tables", table.name, table.size(), objective_words(), bootstrap);
}

std::string ComputeOptimalStudy::preface() const {
  std::string out = "columns:\n";
  for (const RoleHelp& r : role_help) {
    const std::string& name = columns[r.role];
    const bool needed = r.role == RunRole::loss || r.role == RunRole::params || r.role == RunRole::tokens ||
                        r.role == RunRole::compute || r.role == RunRole::group || r.role == RunRole::run;
    if (name != "none" || needed)
      out += fmt::format("  {:<10} {:<24} {}\n", analysis::run_role_names()[static_cast<std::size_t>(r.role)],
                         name == "none" ? "(none)" : name, analysis::flag_of(r.role));
  }
  out += fmt::format("  {} rows", table.size());
  if (table.has_params())
    out += ", N " + range_text(table.params);
  if (table.has_tokens())
    out += ", D " + range_text(table.tokens);
  if (table.has_compute())
    out += fmt::format(", C {}{}", range_text(table.compute, three_digits), table.compute_given ? "" : " (6 N D)");
  out += fmt::format(", loss {}", range_text(table.loss, three_digits));
  for (const std::string& note : notes)
    out += "\n  " + note;
  if (table.flop_ratio > 0)
    out += fmt::format("\n  C/(6 N D): median {:.3g}, {:.3g} to {:.3g}", table.flop_ratio, table.flop_low,
                       table.flop_high);
  return out;
}

analysis::LossFitOptions ComputeOptimalStudy::options() const {
  return {analysis::objective_of(objective), delta, true, asymmetry};
}

analysis::IsoOptions ComputeOptimalStudy::iso_options() const {
  return {budgets, std::log1p(budget_tolerance), window, parabola_of == "log_loss", false};
}

std::string ComputeOptimalStudy::objective_words() const {
  return objective == "least_squares"       ? "squares of L"
         : objective == "least_squares_log" ? "squares of log L"
         : objective == "absolute_log"      ? "absolute deviations of log L"
         : objective == "student_t_log"     ? "-log likelihood of Student's t, 4 degrees, of log L"
         : objective == "huber_log"         ? fmt::format("Huber of log L, delta {:g}", delta)
                                    : fmt::format("Huber of log L, delta {:g}, {:g} times below", delta, asymmetry);
}

void ComputeOptimalStudy::run(const StudyRun& run, Report& report) const {
  const Findings found = find_optimum(*this, run);
  write_page(*this, run, found, report);
}

} // namespace cascade::app
