#include "app/scaling/loss_row.hpp"
#include "app/scaling/optimum/page.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace cascade::app {
namespace {

using analysis::Interval;

std::string published_for(const ComputeOptimalStudy& s, const std::string& name) {
  std::string text;
  for (const PublishedSection& p : s.published)
    if (p.name == name)
      text += fmt::format("{}{}{}", text.empty() ? "" : "; ",
                          p.error ? core::with_error_text(p.value.value_or(0), *p.error)
                                  : core::number_text(p.value.value_or(0), 5),
                          p.source.empty() ? "" : " (" + p.source + ")");
  return text.empty() ? "-" : text;
}

std::string end_text(const Interval& i) {
  return std::isnan(i[0]) || std::isnan(i[1]) ? "-" : core::interval_text(i[0], i[1]);
}

/// To the place of the interval's ends.
std::string value_text(double value, const Interval& i) {
  return core::within_text(value, i[0], i[1]);
}

std::string human_range(const Interval& i) {
  return std::isnan(i[0]) || std::isnan(i[1]) ? "-" : fmt::format("{} to {}", human(i[0]), human(i[1]));
}

Table law_table(const ComputeOptimalStudy& s, const Findings& f) {
  Table t{"The law", {"number", "value", "95%"}, {}, ""};
  const bool compare = !s.published.empty();
  if (compare)
    t.columns.emplace_back("published");
  const auto add = [&](const std::string& name, const std::string& value, const std::string& interval) {
    t.rows.push_back({name, value, interval});
    if (compare)
      t.rows.back().push_back(published_for(s, name));
  };
  add("objective", core::number_text(f.answer.fit.value), "-");
  for (const analysis::LossEstimate& e : f.answer.estimates) {
    add(e.interval.name, value_text(e.interval.value, e.quoted), interval_text(e.quoted));
    if (e.interval.name.starts_with("log "))
      add(e.interval.name.substr(4),
          value_text(std::exp(e.interval.value), {std::exp(e.quoted[0]), std::exp(e.quoted[1])}), "-");
  }
  if (f.chosen.two) {
    const Banded& a = f.a;
    const Banded& g = f.g;
    add("a", value_text(a.value, a.quoted), end_text(a.quoted));
    add("g", value_text(g.value, g.quoted), end_text(g.quoted));
    const double x0 = std::exp(analysis::LossProblem(f.points, f.chosen.model).mean_log_x());
    const double z0 = std::exp(analysis::LossProblem(f.points, f.chosen.model).mean_log_z());
    const auto first = [x0](const analysis::LossParameters& p) { return p.amplitude * std::pow(x0, -p.alpha); };
    const auto second = [z0](const analysis::LossParameters& p) { return p.second_amplitude * std::pow(z0, -p.beta); };
    const Banded mid_a = f.banded(first(f.law()), first), mid_b = f.banded(second(f.law()), second);
    add(fmt::format("A/N^alpha at N = {}", human(x0)), value_text(mid_a.value, mid_a.quoted), end_text(mid_a.quoted));
    add(fmt::format("B/D^beta at D = {}", human(z0)), value_text(mid_b.value, mid_b.quoted), end_text(mid_b.quoted));
  }
  t.note = fmt::format("{}; {}. Intervals are profiles of the objective{}{}. N ~ C^a, L - E ~ C^-g. A and B are "
                       "known worse than their logarithms: quote those, or the terms at the middle of the data.",
                       loss_formula(f.chosen.model), s.objective_words(),
                       f.chosen.rows.run.empty() ? "" : "; those of a, g and the terms take the rows of a run as one",
                       f.widening > 1 ? fmt::format(", {:.3g} times as wide", f.widening) : "");
  return t;
}

Table target_table(const Findings& f) {
  Table t{"Targets",
          {"asked", "C", "N", "95%", "D", "95%", "D/N", "95%", "loss", "95% of the mean", "95% of a new run",
           "times beyond", "GPU hours", "MWh", "money"},
          {},
          ""};
  for (const TargetAnswer& a : f.targets)
    t.rows.push_back({a.target.text, core::number_text(a.compute), human(a.params.value), human_range(a.params.quoted),
                      human(a.tokens.value), human_range(a.tokens.quoted), value_text(a.ratio.value, a.ratio.quoted),
                      end_text(a.ratio.quoted), value_text(a.loss.value, a.loss.quoted), end_text(a.loss.quoted),
                      end_text(a.one_run), core::number_text(a.beyond, 3), core::number_text(a.cost.hours),
                      core::number_text(a.cost.megawatt_hours), core::number_text(a.cost.money)});
  t.note = "C = 6 N D. Beyond one: no run of this table has that much compute, and the number is a projection.";
  t.note += " Intervals are profiles of the objective";
  if (f.widening > 1)
    t.note += fmt::format(", {:.3g} times as wide because the law does not describe the table", f.widening);
  t.note += ".";
  if (!f.targets.empty() && !std::isnan(f.targets.front().params.resampled[0])) {
    const TargetAnswer& a = f.targets.front();
    t.note += fmt::format(" {} resampled tables ({} {} drawn with replacement) say, for the first: N {}, D {}, D/N {}, "
                          "loss {}.",
                          f.resampled.laws.size(), f.resampled.units, f.chosen.rows.run.empty() ? "rows" : "runs",
                          human_range(a.params.resampled), human_range(a.tokens.resampled), end_text(a.ratio.resampled),
                          end_text(a.loss.resampled));
  }
  return t;
}

Table budget_table(const Findings& f) {
  Table t{"IsoFLOP budgets",
          {"budget C", "rows", "sizes", "best N", "loss there", "parabola alone, noise-free", "refused"},
          {},
          ""};
  std::size_t used = 0;
  for (const analysis::IsoBudget& b : f.iso.budgets) {
    std::set<double> sizes;
    for (const std::size_t i : b.rows)
      sizes.insert(f.chosen.rows.params[i]);
    const bool kept = b.refused.empty();
    t.rows.push_back({core::number_text(b.compute), fmt::format("{}", b.rows.size()), fmt::format("{}", sizes.size()),
                      kept ? human(b.params) : "-", kept ? core::number_text(b.loss) : "-",
                      kept && f.bias && used < f.bias->size_factors.size()
                          ? fmt::format("x {}", core::number_text(f.bias->size_factors[used]))
                          : "-",
                      kept ? "" : b.refused});
    used += kept ? 1 : 0;
  }
  t.note = fmt::format("A parabola of L in log N through each budget. {} of {} are used: a = {}{}, coefficient {}.",
                       f.iso.used, f.iso.budgets.size(), value_text(f.iso.law.exponent, f.iso.law.exponent95),
                       std::isnan(f.iso.law.exponent95[0]) ? "" : " (95% " + end_text(f.iso.law.exponent95) + ")",
                       core::number_text(std::exp(f.iso.law.log_coefficient)));
  return t;
}

Table roll_out_table(const Findings& f) {
  Table t{"Roll-out: fitted below a cut in compute, tried above it",
          {"C up to", "rows fitted", "held out", "alpha", "beta", "E", "rms", "mean", "worst"},
          {},
          ""};
  for (const RollOutCut& c : f.roll_out)
    t.rows.push_back({core::number_text(c.compute, 3), fmt::format("{}", c.fitted), fmt::format("{}", c.held),
                      fmt::format("{:.4f}", c.fit.parameters.alpha), fmt::format("{:.4f}", c.fit.parameters.beta),
                      fmt::format("{:.4f}", c.fit.parameters.pedestal), fmt::format("{:.3g}%", 100 * c.rms),
                      fmt::format("{:+.3g}%", 100 * c.mean), fmt::format("{:.3g}%", 100 * c.largest)});
  t.note = "Of log(L/prediction) over the rows held out; a negative mean: the fit predicts too much.";
  return t;
}

Table choice_table(const Findings& f) {
  Table t{"Choices: objective and outliers",
          {"objective", "highest losses left out", "alpha", "beta", "E", "a", "N at the target", "D/N"},
          {},
          ""};
  for (const SensitivityRow& r : f.sensitivity)
    t.rows.push_back({r.objective, fmt::format("{}", r.dropped), fmt::format("{:.4f}", r.law.alpha),
                      fmt::format("{:.4f}", r.law.beta), fmt::format("{:.4f}", r.law.pedestal),
                      fmt::format("{:.4f}", analysis::size_exponent(r.law)),
                      r.converged ? human(r.use.params) : "no fit",
                      r.converged ? core::number_text(r.use.ratio(), 3) : "-"});
  t.note =
      "The same law and rows; what is left out are the highest losses, whatever made them high. Where N is counted "
      "otherwise, N at the target is in that count, and C = 6 N D too.";
  return t;
}

std::string held_text(const LawFinding& l, double share) {
  for (const LawCut& c : l.cuts)
    if (std::abs(c.share - share) < 1e-9)
      return fmt::format("{:.3g}%", 100 * c.rms);
  return "-";
}

/// Every law that was tried on rows of larger compute.
Table laws_roll_out_table(const Findings& f) {
  Table t{"Roll-out of every law: rows of largest compute missed by (rms)",
          {"law", "half of the rows", "40%", "30%", "20%", "10%", "mean, 20%"},
          {},
          ""};
  for (const LawFinding& l : f.laws) {
    if (l.cuts.empty())
      continue;
    t.rows.push_back({l.name});
    for (const double share : {0.5, 0.4, 0.3, 0.2, 0.1})
      t.rows.back().push_back(held_text(l, share));
    const auto fifth = std::find_if(l.cuts.begin(), l.cuts.end(), [](const LawCut& c) { return c.share == 0.2; });
    t.rows.back().push_back(fifth == l.cuts.end() ? "-" : fmt::format("{:+.3g}%", 100 * fifth->mean));
  }
  t.note =
      "Each law fitted to the rows of smaller compute alone, from its own optimum. Of log(L/prediction); a negative "
      "mean: the law predicts too much. -: too few rows below the cut.";
  return t;
}

Table laws_table(const Findings& f) {
  Table t{"Laws side by side",
          {"law", "formula", "rows", "parameters", "objective", "AICc", "BIC",
           "largest fifth of compute missed by (rms)", "next best end of the search"},
          {},
          ""};
  double best = std::numeric_limits<double>::infinity();
  for (const LawFinding& l : f.laws)
    if (l.comparable && l.why_not.empty() && std::isfinite(l.fit.aicc()))
      best = std::min(best, l.fit.aicc());
  for (const LawFinding& l : f.laws) {
    const std::string formula = analysis::scaling_law_of(l.name).formula;
    if (!l.why_not.empty()) {
      t.rows.push_back({l.name, formula, "-", "-", "not fitted: " + l.why_not, "-", "-", "-", "-"});
      continue;
    }
    const bool compared = l.comparable && std::isfinite(best);
    const std::string next = l.fit.others.empty() ? "" : rise_text(f, l.fit.others.front().value, l.fit.value);
    t.rows.push_back({l.name, formula, fmt::format("{}{}", l.fit.points, l.of.empty() ? "" : " (" + l.of + ")"),
                      fmt::format("{}", l.fit.variables), core::number_text(l.fit.value),
                      compared ? fmt::format("{:+.1f}", l.fit.aicc() - best) : "-",
                      compared ? fmt::format("{:.1f}", l.fit.bic()) : "-", held_text(l, 0.2),
                      next.empty() ? "none" : (next.front() == '-' ? "" : "+") + next});
  }
  t.note =
      "AICc less the lowest, and BIC, of the likelihood that belongs to the objective, its scale fitted; only laws of "
      "the same rows are compared. The next best end: how far above the optimum in the objective the search ends "
      "otherwise; close to zero, what tells the two apart is not identified.";
  return t;
}

Table law_numbers_table(const ComputeOptimalStudy& s, const Findings& f) {
  Table t{"Numbers of the other laws", {"law", "number", "value", "95%"}, {}, ""};
  const bool compare = !s.published.empty();
  if (compare)
    t.columns.emplace_back("published");
  for (const LawFinding& l : f.laws)
    for (const analysis::LawEstimate& e : l.estimates) {
      t.rows.push_back({l.name, e.name, value_text(e.value, e.interval),
                        e.error == 0 && e.interval[0] == e.interval[1] ? "held" : interval_text(e.interval)});
      if (compare)
        t.rows.back().push_back(published_for(s, l.name + "/" + e.name));
    }
  t.note =
      "Exponents and pedestals: profiles of the objective; inf or 0: that end is open, the table does not bound it.";
  return t;
}

} // namespace

std::vector<Table> optimum_tables(const ComputeOptimalStudy& s, const Findings& f) {
  std::vector<Table> out;
  if (f.chosen.two && !f.targets.empty())
    out.push_back(target_table(f));
  out.push_back(law_table(s, f));
  if (!f.chosen.two) {
    if (!f.laws.empty())
      out.push_back(laws_table(f));
    if (Table numbers = law_numbers_table(s, f); !numbers.rows.empty())
      out.push_back(std::move(numbers));
    return out;
  }
  if (f.iso_design)
    out.push_back(budget_table(f));
  if (!f.roll_out.empty())
    out.push_back(roll_out_table(f));
  out.push_back(choice_table(f));
  if (!f.laws.empty())
    out.push_back(laws_table(f));
  if (Table rolled = laws_roll_out_table(f); !rolled.rows.empty())
    out.push_back(std::move(rolled));
  if (Table numbers = law_numbers_table(s, f); !numbers.rows.empty())
    out.push_back(std::move(numbers));
  return out;
}

} // namespace cascade::app
