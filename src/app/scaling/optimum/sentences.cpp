#include "app/scaling/loss_row.hpp"
#include "app/scaling/loss_words.hpp"
#include "app/scaling/optimum/page.hpp"
#include "core/talk/numbers.hpp"
#include "theory/scaling/scaling_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::Interval;
using analysis::LossParameters;

std::string within(double value, const Interval& i) {
  return core::within_text(value, i[0], i[1]);
}

bool known_interval(const Interval& i) {
  return !std::isnan(i[0]) && !std::isnan(i[1]);
}

std::string loss_with(const TargetAnswer& t) {
  std::string text = within(t.loss.value, t.loss.quoted);
  if (known_interval(t.loss.quoted))
    text +=
        fmt::format(" (95% of the mean {}, of one new run {})", core::interval_text(t.loss.quoted[0], t.loss.quoted[1]),
                    core::interval_text(t.one_run[0], t.one_run[1]));
  return text;
}

std::string beyond_words(const TargetAnswer& t) {
  return t.exists ? "a prediction inside the table"
                  : fmt::format("a projection, {} times beyond the largest compute of the table",
                                core::number_text(t.beyond, 3));
}

std::string target_sentence(const TargetAnswer& t) {
  if (t.target.params)
    return fmt::format("N = {} on D = {} ({} FLOP): loss {}, {}.", human(t.params.value), human(t.tokens.value),
                       core::number_text(t.compute, 3), loss_with(t), beyond_words(t));
  if (!std::isfinite(t.compute))
    return fmt::format("Loss {:.4g} is at or below the irreducible loss of this law: no compute reaches it.",
                       t.target.loss.value_or(0));
  if (!std::isfinite(t.params.value))
    return fmt::format("At C = {} FLOP there is no best size: an exponent of the fitted law is not above zero, and "
                       "the table does not say what to train.",
                       core::number_text(t.compute, 3));
  const std::string asked =
      t.target.loss ? fmt::format("For loss {:.4g} take C = {} FLOP:", *t.target.loss, core::number_text(t.compute, 3))
                    : fmt::format("At C = {} FLOP", core::number_text(t.compute, 3));
  // a factor of a thousand between the ends is no answer
  const bool loose = known_interval(t.params.quoted) && !std::isless(t.params.quoted[1], 1e3 * t.params.quoted[0]);
  return fmt::format("{} train N = {} on D = {}: D/N = {}, loss {}; {}.{}", asked, human_with(t.params),
                     human_with(t.tokens),
                     known_interval(t.ratio.quoted) ? fmt::format("{} (95% {})", within(t.ratio.value, t.ratio.quoted),
                                                                  interval_text(t.ratio.quoted))
                                                    : fmt::format("{:.3g}", t.ratio.value),
                     loss_with(t), beyond_words(t),
                     loose ? " The table does not identify the best size: do not take this N for an answer." : "");
}

std::string law_sentence(const ComputeOptimalStudy& s, const Findings& f) {
  std::string text = fmt::format("Law: {}, x = {}{}; {}; {} rows", loss_formula(f.chosen.model),
                                 f.chosen.rows.has_params()   ? "N"
                                 : f.chosen.rows.has_tokens() ? "D"
                                                              : "C",
                                 f.chosen.two ? ", z = D" : "", s.objective_words(), f.points.size());
  std::vector<std::string> out = f.chosen.left_out;
  if (s.table.missing > 0)
    out.push_back(fmt::format("{} rows without a number", s.table.missing));
  if (s.drop_highest > 0)
    out.push_back(fmt::format("the {} highest losses", s.drop_highest));
  if (!out.empty())
    text += fmt::format("; left out: {}", fmt::join(out, "; "));
  text += ".";
  for (const analysis::LossEstimate& e : f.answer.estimates)
    text += fmt::format(" {} = {} (95% {}){}", e.interval.name, within(e.interval.value, e.quoted),
                        interval_text(e.quoted), &e == &f.answer.estimates.back() ? "." : ",");
  return text;
}

std::string tied_sentence(const Findings& f, double compute) {
  if (!f.tied)
    return f.chosen.model == analysis::LossModel::tied
               ? "Exponents are tied (beta = alpha): D/N does not change with compute."
               : "";
  const double p = f.tied->p_value;
  const double drift = std::pow(10.0, 1 - 2 * analysis::size_exponent(f.law()));
  const std::string drift_words = std::isfinite(drift)
                                      ? fmt::format("D/N changes by {:.3g} for ten times the compute", drift)
                                      : std::string("there is no best use of compute");
  const std::string p_words = p < 1e-4 ? "p < 0.0001" : fmt::format("p = {:.2g}", p);
  if (f.answer.status == analysis::LossStatus::not_described)
    return fmt::format(
        "Whether alpha and beta differ is not decided ({} would hold if the law described the table); with "
        "these values {}.",
        p_words, drift_words);
  const analysis::BestUse tied = analysis::best_use(f.tied->without.parameters, compute);
  if (p >= 0.01 && !(std::isgreater(tied.ratio(), 1e-4) && std::isless(tied.ratio(), 1e8)))
    return fmt::format("Tied exponents are not rejected ({}): whether D/N drifts is not known, and with tied exponents "
                       "the table does not tell the two terms apart either.",
                       p_words);
  return p < 0.01
             ? fmt::format("Tied exponents are rejected ({}): {}.", p_words, drift_words)
             : fmt::format("Tied exponents are not rejected ({}): whether D/N drifts is not known; tied, D/N = {:.3g} "
                           "at any compute, N = {} at {} FLOP.",
                           p_words, tied.ratio(), human(tied.params), core::number_text(compute, 3));
}

std::string approaches_sentence(const Findings& f) {
  const Banded& a = f.a;
  struct One {
    std::string name;
    double value;
    Interval interval;
  };
  std::vector<One> all;
  if (std::isfinite(a.value))
    all.push_back(
        {a.quoted[0] == a.quoted[1] ? "the law itself, with tied exponents" : "parametric", a.value, a.quoted});
  if (f.iso_design && f.iso.used >= 3)
    all.push_back({fmt::format("isoFLOP, {} of {} budgets", f.iso.used, f.iso.budgets.size()), f.iso.law.exponent,
                   f.iso.law.exponent95});
  if (f.envelope && f.envelope->sizes >= 4)
    all.push_back(
        {fmt::format("envelope, {} sizes", f.envelope->sizes), f.envelope->law.exponent, f.envelope->law.exponent95});
  std::string text = "N ~ C^a: ";
  std::vector<std::string> parts, apart;
  if (!std::isfinite(a.value))
    parts.emplace_back("none by the law, an exponent of which is not above zero");
  if (all.empty())
    return text + parts.front() + ".";
  for (const One& one : all)
    parts.push_back(fmt::format("a = {}{} ({})", within(one.value, one.interval),
                                known_interval(one.interval) && one.interval[0] < one.interval[1]
                                    ? fmt::format(", 95% {}", core::interval_text(one.interval[0], one.interval[1]))
                                    : "",
                                one.name));
  text += fmt::format("{}", fmt::join(parts, "; "));
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (known_interval(all[i].interval) && known_interval(all[j].interval)) {
        const bool above = all[i].value > all[j].value;
        const One &high = above ? all[i] : all[j], &low = above ? all[j] : all[i];
        if (high.value - low.value > std::hypot(high.value - high.interval[0], low.interval[1] - low.value))
          apart.push_back(fmt::format("{} and {}", all[j].name, all[i].name));
      }
  if (ratio_spread(f.chosen.rows) < 0.25)
    return text + ". The envelope repeats the D/N that was trained; it finds no best one.";
  if (all.size() == 1)
    return text + (std::isfinite(a.value) ? ". The table has fewer than three budgets with four sizes, and no envelope "
                                            "of four sizes: one approach "
                                            "only."
                                          : ".");
  return text + (apart.empty()
                     ? ". The approaches agree within their intervals."
                     : fmt::format(". These do not agree within their intervals: {}.", fmt::join(apart, "; ")));
}

std::string bias_sentence(const Findings& f) {
  if (!f.bias || f.bias->size_factors.empty())
    return "";
  return fmt::format(
      "A parabola is not the law: on this grid, without noise, it would put N off by {:.4g} times at the "
      "target and a off by {:+.4f}.",
      f.bias->size_factor, f.bias->exponent);
}

std::string held_out_sentence(const Findings& f) {
  if (f.roll_out.empty())
    return "Too few rows below any cut in compute to try the law on the rest.";
  const auto cut = std::find_if(f.roll_out.rbegin(), f.roll_out.rend(),
                                [&](const RollOutCut& c) { return 5 * c.held + 1 >= f.points.size(); });
  const RollOutCut& c = cut == f.roll_out.rend() ? f.roll_out.front() : *cut;
  return fmt::format("Fitted without the largest {:.0f}% of compute (C above {}) the law misses those {} rows by "
                     "{:.2g}% (rms; mean {:+.2g}%, worst {:.2g}%).",
                     100.0 * static_cast<double>(c.held) / static_cast<double>(f.points.size()),
                     core::number_text(c.compute, 3), c.held, 100 * c.rms, 100 * c.mean, 100 * c.largest);
}

bool has_best_use(const Findings& f) {
  return std::isfinite(f.a.value);
}

std::string overhead_sentence(const Findings& f) {
  if (!has_best_use(f))
    return "";
  const auto percent = [&](double factor) {
    const double cost = analysis::overhead(f.law(), factor);
    return std::isfinite(cost) ? fmt::format("{}% more compute", core::number_text(100 * (cost - 1), 3))
                               : std::string("no amount of compute");
  };
  return fmt::format("At equal loss, half the best size takes {}, twice the best size {}.", percent(0.5), percent(2));
}

std::string halving_sentence(const ComputeOptimalStudy& s, const Findings& f, double compute) {
  const double factor = theory::halving_factor(analysis::frontier_exponent(f.law()));
  const ComputeCost cost = cost_of(factor * compute, gpu_of(s.gpu), s.utilisation, s.facility, s.price);
  const ComputeCost now = cost_of(compute, gpu_of(s.gpu), s.utilisation, s.facility, s.price);
  const std::string priced = fmt::format("({} at {:g}% of its peak, {:g} an hour, facility {:g})", s.gpu,
                                         100 * s.utilisation, s.price, s.facility);
  if (!has_best_use(f))
    return fmt::format("{} FLOP is {} {}.", core::number_text(compute, 3), cost_words(now), priced);
  return fmt::format(
      "{} FLOP is {}; the next halving of the reducible loss takes {} times the compute: {} FLOP, {} {}.",
      core::number_text(compute, 3), cost_words(now), core::number_text(factor), core::number_text(factor * compute, 3),
      cost_words(cost), priced);
}

std::string identified_sentence(const Findings& f, double compute) {
  std::vector<std::string> open;
  for (const analysis::LossEstimate& e : f.answer.estimates)
    if (!std::isfinite(e.quoted[0]) || !std::isfinite(e.quoted[1]) || (e.interval.name == "E" && e.quoted[0] <= 0))
      open.push_back(e.interval.name);
  std::string text = open.empty() ? "Every parameter has an interval with two ends."
                                  : fmt::format("Not identified: {}.", fmt::join(open, ", "));
  if (f.starts.starts > 0) {
    text += fmt::format(" Of {} starts {} end at the optimum", f.starts.starts, f.starts.at_best);
    if (!f.starts.other)
      return text + ", none elsewhere.";
    const analysis::BestUse use = analysis::best_use(f.starts.second_law, compute);
    text +=
        fmt::format("; the next best end is {} above it in the objective, with alpha = {:.3g}, beta = {:.3g}, {}.",
                    rise_text(f, f.starts.second, f.starts.best), f.starts.second_law.alpha, f.starts.second_law.beta,
                    std::isfinite(use.ratio()) ? fmt::format("D/N = {:.3g}", use.ratio()) : "no best D/N");
  }
  return text;
}

std::string repeated_sentence(const Findings& f) {
  for (const LawFinding& l : f.laws) {
    if (l.name != "repeated" || !l.why_not.empty())
      continue;
    std::string text = "Repeated data:";
    for (const analysis::LawEstimate& e : l.estimates)
      if (e.name == "R_D" || e.name == "R_N") {
        const bool open = !(e.interval[0] > 0) || !std::isfinite(e.interval[1]) || e.interval[1] > 5 * e.interval[0];
        text += fmt::format(" {} = {} (95% {}){}{}", e.name, within(e.value, e.interval), interval_text(e.interval),
                            open ? ", not identified" : "", e.name == "R_N" ? "." : ";");
        if (e.name == "R_D") {
          const auto worth = [&](double epochs) {
            return (1 + e.value * (1 - std::exp(-(epochs - 1) / e.value))) / epochs;
          };
          text += fmt::format(" 4 epochs are worth {:.3g} of as much fresh data, 16 {:.3g}, 40 {:.3g};", worth(4),
                              worth(16), worth(40));
        }
      }
    if (!l.fit.others.empty())
      text += fmt::format(" Another end of the search is {} above this one.",
                          rise_text(f, l.fit.others.front().value, l.fit.value));
    return text;
  }
  return "";
}

/// Which law of these rows the criterion prefers, where it is another, and which laws of other columns were fitted.
std::string other_laws_sentence(const Findings& f) {
  const std::string& main = analysis::loss_model_names()[static_cast<std::size_t>(f.chosen.model)];
  const LawFinding *best = nullptr, *ours = nullptr;
  std::vector<std::string> beside;
  for (const LawFinding& l : f.laws) {
    if (!l.why_not.empty())
      continue;
    if (!l.comparable)
      beside.push_back(l.name);
    else if (std::isfinite(l.fit.aicc()))
      best = best == nullptr || l.fit.aicc() < best->fit.aicc() ? &l : best;
    if (l.name == main)
      ours = &l;
  }
  std::string text;
  constexpr double clear = 10; // of AICc; Burnham and Anderson (2002): nothing is left for the worse law
  if (best != nullptr && ours != nullptr && ours->fit.aicc() > best->fit.aicc() + clear)
    text = fmt::format("Law {} describes these rows better than this one (AICc lower by {:.3g}). ", best->name,
                       ours->fit.aicc() - best->fit.aicc());
  if (!beside.empty())
    text += fmt::format("Fitted beside it: {}; see the table of laws.", fmt::join(beside, ", "));
  if (ours != nullptr && !ours->estimates.empty()) // its numbers are shown apart where some are held
    text +=
        fmt::format("{}The answer is that of {} with every number free; with numbers held it is in the table of laws.",
                    text.empty() || text.back() == ' ' ? "" : " ", main);
  return text;
}

std::string seeds_sentence(const Findings& f) {
  if (f.seeds.places == 0 || !(f.seeds.sd > 0)) // copies of rows are another matter
    return "";
  return fmt::format(
      "{} places have several rows ({} in all): seeds scatter by {:.2g}% in loss (pooled), or a group was "
      "missed.",
      f.seeds.places, f.seeds.rows, 100 * f.seeds.sd);
}

std::string sensitivity_sentence(const Findings& f) {
  const SensitivityRow *low = nullptr, *high = nullptr;
  for (const SensitivityRow& row : f.sensitivity) {
    if (!row.converged || !std::isfinite(row.use.ratio()))
      continue;
    low = low == nullptr || row.use.ratio() < low->use.ratio() ? &row : low;
    high = high == nullptr || row.use.ratio() > high->use.ratio() ? &row : high;
  }
  if (low == nullptr || low == high)
    return "";
  const auto words = [](const SensitivityRow& r) {
    return fmt::format("D/N = {:.3g} ({}, {} highest losses left out)", r.use.ratio(), r.objective, r.dropped);
  };
  return fmt::format("Choices move the answer from {} to {}; see the table of choices.", words(*low), words(*high));
}

std::string paper_sentence(const std::vector<double>& band, const Findings& f) {
  const analysis::LocalSlope& end = f.outlook.running;
  const double running = f.outlook.law_running;
  const std::string word = band_word(end.interval(), band);
  const std::string points = std::isfinite(end.exponent)
                                 ? fmt::format("{} (95% {}) by the last points", within(end.exponent, end.interval()),
                                               interval_text(end.interval()))
                                 : "no slope by the last points";
  const std::string reading =
      running > 0 ? fmt::format(" Read as 4/d it would mean d = {:.3g}, as 2h/d with h = 1/3 d = {:.3g}.", 4 / running,
                                2.0 / 3 / running)
                  : "";
  const char* of = f.chosen.rows.has_params() ? "N" : f.chosen.rows.has_tokens() ? "D" : "C";
  return fmt::format(
      "Running exponent -dlog L/dlog {} at the end of the data: {:.3g} by the law, {}: {} the band {:g} to {:g}.{}", of,
      running, points, word == "undecided" ? "not decided against" : word, band[0], band[1], reading);
}

/// Losses against compute alone, at the one D/N of the table where it has one.
std::string compute_sentence(const TargetAnswer& t, double ratio) {
  if (!std::isfinite(t.compute))
    return fmt::format("Loss {:.4g} is at or below the irreducible loss of this law: no compute reaches it.",
                       t.target.loss.value_or(0));
  const std::string sizes = ratio > 0 ? fmt::format(" at the D/N of the table, {:.3g}, N = {} on D = {}:", ratio,
                                                    human(t.params.value), human(t.tokens.value))
                                      : std::string(":");
  return fmt::format("At C = {} FLOP{} loss {}; {}.{}", core::number_text(t.compute, 3), sizes, loss_with(t),
                     beyond_words(t),
                     ratio > 0 ? " The table does not identify the best size: no other D/N was trained." : "");
}

std::string one_resource_sentence(const Findings& f) {
  const double grow = f.outlook.halve_reducible;
  return fmt::format(
      "{}: alpha = {} (95% {}). The reducible loss halves for {:.4g} times the largest x, the total loss for {}.",
      loss_formula(f.chosen.model), within(f.law().alpha, f.answer.of("alpha").quoted),
      interval_text(f.answer.of("alpha").quoted), grow,
      std::isfinite(f.outlook.halve_total) ? core::number_text(f.outlook.halve_total, 4) + " times"
                                           : "no amount of it (E is more than half)");
}

} // namespace

std::vector<std::string> optimum_answers(const ComputeOptimalStudy& s, const std::vector<double>& band,
                                         const Findings& f) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& text) {
    if (!text.empty())
      out.push_back(text);
  };
  if (!f.chosen.two) {
    if (f.chosen.one_ratio == 0)
      add(one_resource_sentence(f));
    for (const TargetAnswer& t : f.targets)
      add(compute_sentence(t, f.chosen.one_ratio));
    if (!s.target.empty() && f.targets.empty())
      add(f.chosen.one_ratio > 0
              ? "The table has one D/N: it says nothing of N and D in another ratio."
              : "A target needs sizes and tokens, or a table of losses against compute: this one has neither.");
    if (f.chosen.one_ratio > 0)
      add(one_resource_sentence(f));
    add(law_sentence(s, f));
    add(identified_sentence(f, 1));
    add(other_laws_sentence(f));
    add(paper_sentence(band, f));
    return out;
  }
  for (const TargetAnswer& t : f.targets)
    add(target_sentence(t));
  const double first = f.targets.front().compute, compute = std::isfinite(first) ? first : 10 * f.largest_compute;
  add(law_sentence(s, f));
  add(tied_sentence(f, compute));
  add(approaches_sentence(f));
  add(bias_sentence(f));
  add(held_out_sentence(f));
  add(overhead_sentence(f));
  add(halving_sentence(s, f, compute));
  add(identified_sentence(f, compute));
  add(other_laws_sentence(f));
  add(repeated_sentence(f));
  add(seeds_sentence(f));
  add(sensitivity_sentence(f));
  add(paper_sentence(band, f));
  return out;
}

} // namespace cascade::app
