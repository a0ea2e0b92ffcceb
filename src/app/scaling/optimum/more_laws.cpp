#include "app/scaling/optimum/findings.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cascade::app {
namespace {

using analysis::LawData;
using analysis::LawFitOptions;

LawFitOptions law_options(const ComputeOptimalStudy& s, const std::string& law, const LawData& data) {
  LawFitOptions options;
  options.objective = {analysis::objective_of(s.objective), s.delta, s.asymmetry, s.objective == "student_t_log"};
  std::vector<std::pair<std::string, double>> held;
  for (const HeldSection& h : s.hold)
    if (h.law == law)
      held.emplace_back(h.number, h.value.value_or(0));
  options.fixed = analysis::held_variables(law, data, held);
  return options;
}

bool holds_any_of(const ComputeOptimalStudy& s, const std::string& law) {
  return std::any_of(s.hold.begin(), s.hold.end(), [&](const HeldSection& h) { return h.law == law; });
}

/// The rows of largest compute, predicted by the law fitted to the others from its own optimum.
std::vector<LawCut> rolled_out(const LawData& data, const std::vector<double>& compute, const LawFinding& found,
                               const LawFitOptions& options) {
  std::vector<double> sorted = compute;
  std::sort(sorted.begin(), sorted.end());
  std::vector<LawCut> out;
  for (const double share : {0.5, 0.4, 0.3, 0.2, 0.1}) {
    const double cut = sorted[static_cast<std::size_t>((1 - share) * static_cast<double>(sorted.size() - 1))];
    std::vector<std::size_t> inside, beyond;
    for (std::size_t i = 0; i < compute.size(); ++i)
      (compute[i] <= cut ? inside : beyond).push_back(i);
    if (beyond.empty() || inside.size() < 2 * static_cast<std::size_t>(std::max(found.fit.variables, 1)))
      continue;
    LawFitOptions warm = options;
    warm.starts = {found.fit.at};
    warm.own_starts = false;
    try {
      const auto fit = analysis::fit_law(found.name, data.subset(inside), warm);
      const LawData rest = data.subset(beyond);
      const auto predicted = analysis::law_values(found.name, rest, fit.at);
      LawCut c{share, beyond.size(), 0, 0};
      for (std::size_t i = 0; i < predicted.size(); ++i) {
        const double r = std::log(rest.response[i] / predicted[i]);
        c.mean += r / static_cast<double>(predicted.size());
        c.rms += r * r / static_cast<double>(predicted.size());
      }
      c.rms = std::sqrt(c.rms);
      if (std::isfinite(c.rms))
        out.push_back(c);
    } catch (const core::Error&) { // too few rows below the cut
    }
  }
  return out;
}

struct Candidate {
  std::string name;
  LawData data;
  std::vector<double> compute; ///< of its rows, for the cut
  bool comparable;
  std::string of;
};

/// Rows evenly through the order of the loss, where there are too many: laws beside the main one are searched from many
/// starts, and what a law says of a table does not need more rows.
constexpr std::size_t most_law_rows = 4000;
void thin_rows(Candidate& c) {
  const std::size_t all = c.data.size();
  if (all <= most_law_rows)
    return;
  std::vector<std::size_t> order(all), kept;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return c.data.response[i] < c.data.response[j]; });
  for (std::size_t k = 0; k < most_law_rows; ++k)
    kept.push_back(order[k * (all - 1) / (most_law_rows - 1)]);
  std::sort(kept.begin(), kept.end());
  c.data = c.data.subset(kept);
  std::vector<double> compute;
  for (const std::size_t i : kept)
    if (!c.compute.empty())
      compute.push_back(c.compute[i]);
  c.compute = compute;
  c.of += fmt::format("{}of {}", c.of.empty() ? "" : ", ", all);
}

LawFinding fit_candidate(const ComputeOptimalStudy& s, Candidate c, bool with_estimates) {
  LawFinding out;
  out.name = c.name;
  thin_rows(c);
  out.of = c.of;
  try {
    const LawFitOptions options = law_options(s, c.name, c.data);
    out.fit = analysis::fit_law(c.name, c.data, options);
    if (with_estimates)
      out.estimates = analysis::law_estimates(c.data, out.fit, options);
    for (const analysis::LawEstimate& e : out.estimates)
      if (c.name == "error_sigmoid" && e.name == "low" && (!std::isfinite(e.interval[0]) || e.interval[1] < 0)) {
        out.why_not = fmt::format("its lower end comes out at {} ({} to {}): no error is below zero, so these rows do "
                                  "not show one; the law without one is the exponential",
                                  core::number_text(e.value, 3), core::number_text(e.interval[0], 3),
                                  core::number_text(e.interval[1], 3));
        out.estimates.clear();
        return out;
      }
    if (!c.compute.empty())
      out.cuts = rolled_out(c.data, c.compute, out, options);
    out.comparable = c.comparable;
  } catch (const core::Error& error) {
    out.why_not = error.what();
  }
  return out;
}

bool is_of_two_resources(const std::string& law) {
  return law == "two_variables" || law == "tied" || law == "kaplan";
}

bool is_of_one_resource(const std::string& law) {
  return law == "power" || law == "pedestal" || law == "broken";
}

/// Why a law that was asked for by name is not among the candidates.
std::string why_left_out(const std::string& name, const ChosenRows& chosen) {
  if (name.starts_with("error"))
    return "needs more than six rows with an error beside the loss (compute_optimal.error: COLUMN)";
  if (name.starts_with("groups"))
    return "D/N is the same in every row: its two terms cannot be told apart";
  if (chosen.two && is_of_one_resource(name))
    return "a law of one resource, and this table has two: compute is the one of C";
  if (is_of_two_resources(name))
    return "a law of two resources, and this table has one";
  return analysis::scaling_law_of(name).make()->unsuited(analysis::law_data(chosen.kept));
}

} // namespace

void require_held(const ComputeOptimalStudy& s, const ChosenRows& chosen) {
  for (const HeldSection& h : s.hold) {
    const auto refuse = [&](const std::string& why) {
      throw core::Error(
          core::ExitCode::bad_input,
          fmt::format("{}: compute_optimal.hold: law {} is not fitted to this table: {}", s.table.name, h.law, why));
    };
    if (!s.laws.empty() && std::find(s.laws.begin(), s.laws.end(), h.law) == s.laws.end())
      refuse("it is not in compute_optimal.laws");
    const bool of_errors = h.law.starts_with("error"), of_groups = h.law.starts_with("groups");
    const bool of_one = is_of_one_resource(h.law);
    const LawData data = of_errors   ? analysis::error_data(s.table)
                         : of_groups ? analysis::law_data(s.table)
                                     : analysis::law_data(of_one ? chosen.rows : chosen.kept);
    if ((of_errors && data.size() <= 6) || (of_groups && chosen.one_ratio > 0) ||
        (is_of_two_resources(h.law) && !chosen.two) || (of_one && chosen.two))
      refuse(why_left_out(h.law, chosen));
    law_options(s, h.law, data); // refuses what is no number of the law, or cannot be held
  }
}

std::vector<LawFinding> find_laws(const ComputeOptimalStudy& s, const Findings& f) {
  const analysis::RunTable &rows = f.chosen.rows, &all = s.table;
  const auto weighted = [&s](const analysis::RunTable& table) {
    LawData data = analysis::law_data(table);
    data.weight = row_weights(table, analysis::objective_of(s.objective));
    return data;
  };
  const LawData main = weighted(rows), whole = weighted(all), kept = weighted(f.chosen.kept);
  const std::vector<double>& resource = rows.has_compute() ? rows.compute : f.points.x;
  std::vector<Candidate> candidates;
  const auto asked = [&](const std::string& name) {
    return s.laws.empty() || std::find(s.laws.begin(), s.laws.end(), name) != s.laws.end();
  };
  const auto add = [&](const std::string& name, const LawData& data, const std::vector<double>& compute,
                       bool comparable, const std::string& of) {
    if (asked(name) && (!s.laws.empty() || analysis::scaling_law_of(name).make()->unsuited(data).empty()))
      candidates.push_back({name, data, compute, comparable, of});
  };
  if (f.chosen.two)
    for (const char* name : {"two_variables", "tied", "kaplan"})
      add(name, main, rows.compute, true, "");
  else
    for (const char* name : {"power", "pedestal", "broken"})
      add(name, main, resource, true, "");
  const analysis::RunTable envelope = f.envelope ? rows.subset(f.envelope->rows) : analysis::RunTable{};
  if (f.envelope && f.envelope->sizes >= 4)
    add("compute", weighted(envelope), envelope.compute, false, "the envelope of the runs");
  else if (asked("compute") && !s.laws.empty())
    add("compute", main, rows.compute, false, "");
  add("repeated", kept, f.chosen.kept.compute, false, "repeated or not");
  if (f.chosen.one_ratio == 0) // otherwise the two terms cannot be told apart
    for (const char* name : {"groups_e", "groups_eab"})
      add(name, whole, all.compute, false, "all groups");
  for (const char* name : {"experts", "experts_bilinear"})
    add(name, kept, f.chosen.kept.compute, false, "");
  const LawData errors = analysis::error_data(all);
  for (const char* name : {"error", "error_groups", "error_sigmoid"})
    if (errors.size() > 6)
      add(name, errors, {}, false, "errors against losses");
  std::vector<LawFinding> out;
  for (const Candidate& c : candidates) {
    const bool main_law = c.name == "two_variables" || c.name == "tied" || c.name == "power" || c.name == "pedestal";
    out.push_back(fit_candidate(s, c, !main_law || holds_any_of(s, c.name)));
  }
  for (const std::string& name : s.laws)
    if (std::none_of(out.begin(), out.end(), [&](const LawFinding& l) { return l.name == name; })) {
      LawFinding left;
      left.name = name;
      left.why_not = why_left_out(name, f.chosen);
      out.push_back(left);
    }
  return out;
}

} // namespace cascade::app
