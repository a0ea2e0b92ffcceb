#include "app/scaling/optimum/page.hpp"

#include "app/scaling/loss_row.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {
namespace {

using analysis::Interval;

void add_number(Report& report, const std::string& id, const std::string& quantity, const std::string& method,
                double value, double error, const Interval& interval, const std::string& note,
                Verdict verdict = Verdict::not_judged) {
  analysis::Result r;
  r.id = id;
  r.stage = "compute_optimal";
  r.quantity = quantity;
  r.method = method;
  r.measured = {value, error, {interval[0], interval[1]}};
  r.fit.profile95 = {interval[0], interval[1]};
  r.fit.note = note;
  r.fit.chi2_per_dof = r.fit.loglog_slope = std::nan("");
  report.results.push_back(unjudged(std::move(r), verdict));
}

void add_law(const ComputeOptimalStudy& s, const Findings& f, Report& report) {
  const bool described = f.answer.status != analysis::LossStatus::not_described;
  for (const analysis::LossEstimate& e : f.answer.estimates) {
    std::string name = e.interval.name;
    std::replace(name.begin(), name.end(), ' ', '_');
    const bool open = e.interval.name == "E" && !(e.quoted[0] > 0 && std::isfinite(e.quoted[1]));
    add_number(report, "law/" + name, e.interval.name, s.objective, e.interval.value, e.error, e.quoted,
               fmt::format("{}; {}", loss_formula(f.chosen.model), s.objective_words()),
               !described ? Verdict::undecided
               : open     ? Verdict::not_identified
                          : Verdict::not_judged);
  }
  const Interval none{std::nan(""), std::nan("")};
  add_number(report, "law/A", "A", s.objective, f.law().amplitude, std::nan(""), none,
             "its logarithm is the number to quote");
  if (f.chosen.two)
    add_number(report, "law/B", "B", s.objective, f.law().second_amplitude, std::nan(""), none,
               "its logarithm is the number to quote");
  add_number(report, "law/objective", "objective", s.objective, f.answer.fit.value, 0, none, s.objective_words());
}

void add_more_laws(const ComputeOptimalStudy& s, const Findings& f, Report& report) {
  const Interval none{std::nan(""), std::nan("")};
  for (const LawFinding& l : f.laws) {
    if (!l.why_not.empty())
      continue;
    const std::string place = "laws/" + l.name + "/";
    for (const analysis::LawEstimate& e : l.estimates) {
      std::string name = e.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      std::replace(name.begin(), name.end(), '/', '_');
      add_number(report, place + name, e.name, l.name, e.value, e.error, e.interval, s.objective_words());
    }
    add_number(report, place + "objective", "objective", l.name, l.fit.value, 0, none, s.objective_words());
  }
}

void add_targets(const Findings& f, Report& report) {
  for (std::size_t i = 0; i < f.targets.size(); ++i) {
    const TargetAnswer& t = f.targets[i];
    const std::string place = fmt::format("target{}/", i + 1);
    if (f.chosen.two || f.chosen.one_ratio > 0) {
      add_number(report, place + "N", "N", "target", t.params.value, std::nan(""), t.params.quoted, t.target.text);
      add_number(report, place + "D", "D", "target", t.tokens.value, std::nan(""), t.tokens.quoted, t.target.text);
      add_number(report, place + "ratio", "D/N", "target", t.ratio.value, std::nan(""), t.ratio.quoted, t.target.text);
    }
    add_number(report, place + "C", "C", "target", t.compute, std::nan(""), {std::nan(""), std::nan("")},
               t.target.text);
    add_number(report, place + "loss", "L", "target", t.loss.value, std::nan(""), t.loss.quoted, t.target.text);
    add_number(report, place + "new_run", "L of one new run", "target", t.loss.value, std::nan(""), t.one_run,
               t.target.text);
  }
}

void add_results(const ComputeOptimalStudy& s, const Findings& f, Report& report) {
  add_law(s, f, report);
  add_more_laws(s, f, report);
  if (!f.chosen.two) {
    add_targets(f, report);
    return;
  }
  const Banded& a = f.a;
  const Banded& g = f.g;
  add_number(report, "parametric/a", "N ~ C^a", "parametric", a.value, std::nan(""), a.quoted, "beta/(alpha + beta)");
  add_number(report, "parametric/g", "L - E ~ C^-g", "parametric", g.value, std::nan(""), g.quoted,
             "alpha beta/(alpha + beta)");
  if (f.iso_design && f.iso.used >= 2)
    add_number(report, "isoflop/a", "N ~ C^a", "isoflop", f.iso.law.exponent, std::nan(""), f.iso.law.exponent95,
               fmt::format("vertices of {} of {} budgets", f.iso.used, f.iso.budgets.size()));
  if (f.envelope && f.envelope->law.points >= 2)
    add_number(report, "envelope/a", "N ~ C^a", "envelope", f.envelope->law.exponent, std::nan(""),
               f.envelope->law.exponent95,
               fmt::format("{} rows of {} sizes", f.envelope->rows.size(), f.envelope->sizes));
  add_targets(f, report);
}

} // namespace

std::string human(double number) {
  struct Unit {
    double size;
    const char* name;
  };
  if (!std::isfinite(number))
    return core::number_text(number);
  for (const Unit& unit : {Unit{1e12, "T"}, Unit{1e9, "B"}, Unit{1e6, "M"}, Unit{1e3, "k"}})
    if (number >= unit.size * 0.9995 && number < 1e16)
      return fmt::format("{:.3g}{}", number / unit.size, unit.name);
  return core::number_text(number, 3);
}

std::string rise_text(const Findings& f, double other, double best) {
  if (f.answer.fit.options.objective == analysis::Objective::student_t_log)
    return core::number_text(other - best, 2);
  // a law that passes through its rows has next to no objective: a power of ten, not per cent
  const double factor = other / best, power = std::floor(std::log10(factor));
  return std::isfinite(power) && power >= 1
             ? fmt::format("a factor of {:.1f}e{:.0f}", factor / std::pow(10, power), power)
             : core::number_text(100 * (factor - 1), 2) + "%";
}

std::string human_with(const Banded& b) {
  if (std::isnan(b.quoted[0]) || std::isnan(b.quoted[1]))
    return human(b.value);
  return fmt::format("{} (95% {} to {})", human(b.value), human(b.quoted[0]), human(b.quoted[1]));
}

void write_page(const ComputeOptimalStudy& s, const StudyRun& run, const Findings& f, Report& report) {
  add_results(s, f, report);
  report.warnings = optimum_warnings(s, f);
  report.page.answers = optimum_answers(s, run.band, f);
  report.page.tables = optimum_tables(s, f);
  report.page.figures = optimum_figures(s, f);
  report.answer = {f.chosen.two ? "What should be trained next?" : "What does more of it buy?",
                   report.page.answers.front(),
                   {"law/alpha"}};
  report.verdict = report.answer.line();
  for (std::size_t i = 1; i < report.page.answers.size(); ++i)
    report.verdict += "\n" + report.page.answers[i];
}

} // namespace cascade::app
