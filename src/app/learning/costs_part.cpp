#include "app/learning/case_run.hpp"
#include "app/verdict/judging.hpp"
#include "theory/scaling/published_laws.hpp"
#include "theory/scaling/scaling_cost.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace cascade::app {
namespace {

/// FLOP that grow more slowly with the resource are those of sorting examples, whose number stays: no cost of a
/// halving.
constexpr double least_growth = 0.5;
constexpr double drawn_from = 0.01; // below it the next halving costs more than 2^100 times

/// Three digits of 10^exponent, of any size.
std::string large(double exponent) {
  if (std::abs(exponent) < 3)
    return cell_text(std::pow(10.0, exponent), 3);
  const double whole = std::floor(exponent);
  return fmt::format("{:.2f}e{:.0f}", std::pow(10.0, exponent - whole), whole);
}

/// One line: a loss that falls as FLOP^-exponent, and what it costs now.
struct CostLine {
  std::string data, who;
  double exponent, flop;
  bool published;
  std::vector<double> interval95{}; ///< of the exponent, {low, high}; empty: not known
};

/// The factors that this interval allows; a loss that may not fall at all is never halved.
std::string factors(const CostLine& line) {
  if (line.interval95.size() != 2 || !std::isfinite(line.interval95[0]) || !std::isfinite(line.interval95[1]))
    return line.published ? "-" : "not known";
  const auto [low, high] = std::pair(line.interval95[0], line.interval95[1]);
  return fmt::format("{} to {}", large(theory::log10_halving_factor(high)),
                     low > 0 ? large(theory::log10_halving_factor(low)) : "no end");
}

/// Learners whose exponent decides: FLOP of training grow as a power of the resource, read off the curve's ends.
std::vector<CostLine> learner_costs(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes) {
  std::vector<CostLine> lines;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const LearnedCurve& c : outcomes[i].curves) {
      const std::vector<analysis::LearnerLoss>& losses = c.losses.front();
      if (!c.alpha || !may_decide(*c.alpha) || !(c.alpha->measured.value > 0) || !(losses.front().training_flops > 0))
        continue;
      const double growth =
          std::log(losses.back().training_flops / losses.front().training_flops) / std::log(c.x.back() / c.x.front());
      if (growth < least_growth)
        continue;
      lines.push_back({runs[i].which.name.empty() ? runs[i].config.run.name : runs[i].which.name, c.learner->title(),
                       c.alpha->measured.value / growth, losses.back().training_flops, false,
                       c.alpha->measured.interval95});
      for (double& bound : lines.back().interval95)
        bound /= growth;
    }
  return lines;
}

Table table_of_costs(const std::vector<CostLine>& lines, double joules) {
  Table t{"The next halving of the loss",
          {"data", "what learns", "loss falls as FLOP to the", "FLOP now", "factor to halve", "95%", "FLOP then",
           "joules then"},
          {}};
  for (const CostLine& line : lines) {
    const double factor = theory::log10_halving_factor(line.exponent), then = std::log10(line.flop) + factor;
    t.rows.push_back({line.data, line.who, cell_text(-line.exponent, 3), large(std::log10(line.flop)), large(factor),
                      factors(line), large(then), large(then + std::log10(joules))});
  }
  t.note = fmt::format(
      "Multiplications and additions of training, counted from the formulas, at {:g} J each (curves.joules_per_flop). "
      "A "
      "loss that falls as FLOP^-a halves where FLOP grow by 2^(1/a); 95%: of that factor, from the interval of alpha; "
      "no end: where alpha may be zero. Language models at their best use of {:g} FLOP "
      "(70e9 parameters, 1.4e12 tokens): L = (C_c/C)^.050 (arXiv 2001.08361), and what is reducible of E + A/N^alpha + "
      "B/D^beta, whose exponent is alpha beta/(alpha + beta) (arXiv 2203.15556, 2404.10102).",
      joules, theory::published_compute);
  return t;
}

Figure figure_of_costs(const std::vector<CostLine>& lines) {
  Figure f{"next_halving",
           "What the next halving costs",
           "Factor in FLOP that halves a loss falling as FLOP^-a. Line: 2^(1/a). Learners of this run beside published "
           "laws of language models.",
           "exponent a of the loss in FLOP",
           "factor in FLOP",
           true,
           {}};
  Series here{"learners of this run", "points", {}, {}, {}}, models{"language models", "points", {}, {}, {}},
      law{"2^(1/a)", "dashed", {}, {}, {}};
  double low = 1, high = 0;
  for (const CostLine& line : lines) {
    if (line.exponent < drawn_from)
      continue;
    Series& s = line.published ? models : here;
    s.x.push_back(line.exponent);
    s.y.push_back(theory::halving_factor(line.exponent));
    low = std::fmin(low, line.exponent);
    high = std::fmax(high, line.exponent);
  }
  constexpr int points = 60;
  for (int i = 0; i <= points; ++i) {
    const double a = low / 1.2 * std::pow(1.44 * high / low, i / static_cast<double>(points));
    law.x.push_back(a);
    law.y.push_back(theory::halving_factor(a));
  }
  f.series = {here, models, law};
  return f;
}

} // namespace

void show_costs(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes, Page& page) {
  std::vector<CostLine> lines = learner_costs(runs, outcomes);
  if (lines.empty())
    return;
  for (const theory::PublishedLaw& law : theory::published_laws())
    lines.push_back({"language", law.name, law.exponent, theory::published_compute, true});
  page.tables.push_back(table_of_costs(lines, runs.front().config.curves.joules_per_flop));
  page.figures.push_back(figure_of_costs(lines));
}

} // namespace cascade::app
