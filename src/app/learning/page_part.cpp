#include "app/learning/case_run.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"
#include "theory/scaling/learner_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

std::string with_error(const analysis::Measured& m) {
  return core::with_error_text(m.value, m.standard_error);
}

std::string case_name(const CaseRun& run) {
  return run.which.name.empty() ? run.config.run.name : run.which.name;
}

Table dimension_table(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes) {
  Table t{"Intrinsic dimension", {"data", "n", "D", "d declared"}, {}};
  for (const analysis::Result& r : outcomes.front().dimensions)
    t.columns.push_back(r.labels.words() + (r.labels.text("estimator") == "gride"
                                                ? fmt::format(", neighbour {:g}", *r.labels.number("neighbours"))
                                                : ""));
  t.columns.push_back("local d: 10, 50, 90%");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Declared declared = runs[i].source.declared();
    std::vector<std::string> row{case_name(runs[i]), cell_text(static_cast<double>(runs[i].source.points())),
                                 cell_text(static_cast<double>(runs[i].source.dimension())),
                                 (declared.dimension ? cell_text(*declared.dimension) : "-") +
                                     (declared.off_set ? ", moved off it" : "")};
    for (const analysis::Result& r : outcomes[i].dimensions)
      row.push_back(with_error(r.measured));
    row.resize(t.columns.size() - 1, "-");
    const auto& q = outcomes[i].local_dimension;
    row.push_back(q[1] > 0 ? fmt::format("{:.3g}, {:.3g}, {:.3g}", q[0], q[1], q[2]) : "-");
    t.rows.push_back(row);
  }
  t.note =
      runs.front().config.dimension.bias
          ? "Errors: chance, and what the estimator misses on a sphere and on a cube of the same d with so many "
            "points. "
            "Above d of about 8 every estimator that looks at neighbours reads too little with any n that can be had."
          : "Errors hold chance alone. Above d of about 8 every estimator that looks at neighbours reads too little "
            "with "
            "any n that can be had: compare with sets of known d and the same n.";
  return t;
}

/// What estimators read where d is known: their bias.
Figure bias_figure(const LearningConfig& config, const CaseOutcome& outcome) {
  Figure f{"bias_on_spheres",
           "What is read on spheres",
           fmt::format("{} points on S^d in R^(d+1). Below the dashed line: the bias of so many points.",
                       config.dimension.calibration_points),
           "d of the sphere",
           "d read",
           true,
           {}};
  Series fit{"TwoNN", "points", {}, {}, {}}, mle{"Levina-Bickel, k = 20", "points", {}, {}, {}},
      truth{"d", "dashed", {}, {}, {}};
  for (const auto& [d, two, levina] : outcome.bias) {
    for (Series* one : {&fit, &mle, &truth})
      one->x.push_back(d);
    fit.y.push_back(two);
    mle.y.push_back(levina);
    truth.y.push_back(d);
  }
  f.series = {fit, mle, truth};
  return f;
}

/// What the numbers of a case predict.
theory::LearningSetting setting_of(const CaseRun& run, const CaseOutcome& outcome, bool measured) {
  const Declared declared = run.source.declared();
  theory::LearningSetting s;
  s.embedding_dimension = static_cast<double>(run.source.dimension());
  if (!measured && declared.dimension) {
    s.dimension = *declared.dimension;
    s.hurst = declared.hurst;
  } else if (outcome.dimension) {
    s.dimension = outcome.dimension->value;
    if (outcome.hurst && !declared.smooth)
      s.hurst = outcome.hurst->value;
  }
  return s;
}

Table learner_table(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes, const Report& report) {
  Table t{"What learners got", {"data", "learner", "over", "alpha", "2h/d", "4h/d", "its law", "verdict"}, {}};
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const LearnedCurve& c : outcomes[i].curves) {
      const theory::LearningSetting s = setting_of(runs[i], outcomes[i], false);
      const auto number = [&](double factor) { return s.hurst ? cell_text(factor * *s.hurst / s.dimension, 4) : "-"; };
      std::vector<std::string> row{case_name(runs[i]), c.learner->title(), c.learner->resource()};
      if (!c.alpha) {
        row.insert(row.end(), {"none: " + c.no_alpha, number(2), number(4), "-", "-"});
      } else {
        const auto found = std::find_if(report.results.begin(), report.results.end(),
                                        [&](const Judged& j) { return j.result.id == c.alpha->id; });
        row.insert(
            row.end(),
            {with_error(c.alpha->measured), number(2), number(4),
             found->predicted ? fmt::format("{} = {}", found->predicted->formula, cell_text(found->predicted->value, 4))
                              : "-",
             theory::to_text(found->verdict) + (found->result.reason.empty() ? "" : ": " + found->result.reason)});
      }
      t.rows.push_back(row);
    }
  t.note =
      "The loss of 1-NN is S_2 averaged over the distances of nearest neighbours: its exponent and h from S_2 are the "
      "same numbers, not two pieces of evidence.";
  return t;
}

Figure curves_figure(const CaseRun& run, const CaseOutcome& outcome) {
  Figure f{"learning_curves" + (run.which.name.empty() ? "" : "_" + run.which.name),
           "Learning curves" + (run.which.name.empty() ? "" : ", " + run.which.name),
           run.source.description() + ". Points: geometric mean over repeats; lines: fitted power laws.",
           "examples n, or parameters N",
           "mean-square error on test points",
           true,
           {}};
  for (const LearnedCurve& c : outcome.curves) {
    if (!c.alpha)
      continue;
    f.series.push_back(
        {fmt::format("{}, {}: alpha = {}", c.learner->title(), c.learner->resource(), with_error(c.alpha->measured)),
         "points", c.x, c.alpha->curve.y, c.alpha->curve.standard_error});
    f.series.push_back({"", "line", c.alpha->fitted.x, c.alpha->fitted.y, {}}); // in the colour of its points
    f.results.push_back(c.alpha->id);
  }
  return f;
}

/// alpha against h/d, one symbol a learner, with both lines.
Figure headline_figure(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes) {
  Figure f{"alpha_against_h_over_d",
           "alpha of learners against h/d",
           "Every rough target without noise, on it or off the set, whose curve has an exponent that decides; d and h "
           "as declared, or as "
           "measured where they "
           "are not known.",
           "h/d",
           "alpha",
           true,
           {}};
  std::vector<double> at;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const theory::LearningSetting s = setting_of(runs[i], outcomes[i], false);
    if (!s.hurst || runs[i].source.declared().noisy || runs[i].source.declared().off_set)
      continue;
    for (const LearnedCurve& c : outcomes[i].curves) {
      if (!c.alpha || !may_decide(*c.alpha))
        continue;
      const std::string label = c.learner->title() + ", " + c.learner->resource();
      auto found =
          std::find_if(f.series.begin(), f.series.end(), [&](const Series& one) { return one.label == label; });
      if (found == f.series.end())
        found = f.series.insert(f.series.end(), Series{label, "points", {}, {}, {}});
      found->x.push_back(*s.hurst / s.dimension);
      found->y.push_back(c.alpha->measured.value);
      found->error.push_back(c.alpha->measured.standard_error);
      at.push_back(*s.hurst / s.dimension);
    }
  }
  if (at.empty())
    return f;
  const auto [low, high] = std::minmax_element(at.begin(), at.end());
  for (const double factor : {2.0, 4.0})
    f.series.push_back({fmt::format("{:g}h/d", factor),
                        factor == 2 ? "line" : "dashed",
                        {*low / 1.2, *high * 1.2},
                        {factor * *low / 1.2, factor * *high * 1.2},
                        {}});
  return f;
}

std::string listed(const std::vector<std::string>& formulas, const std::string& verdict) {
  return fmt::format("{} {} {}", fmt::join(formulas, " and "), formulas.size() > 1 ? "are" : "is", verdict);
}

/// "2h/d = 0.402 is supported, 4h/d = 0.804 is rejected": what a curve says to the formulas that speak of h, or, of a
/// target without one, of d; another one only where it is supported.
std::string formulas_on(const analysis::Result& alpha, const std::string& given, const Report& report) {
  std::vector<const Hypothesis*> all;
  bool rough = false;
  for (const Hypothesis& h : report.hypotheses)
    if (h.result == alpha.id && h.labels.text("given") == given) {
      all.push_back(&h);
      rough = rough || h.id == "2h/d";
    }
  if (all.empty())
    return "no formula can be tried";
  if (!may_decide(alpha))
    return fmt::format("no formula is decided{}", alpha.reason.empty() ? "" : " (" + alpha.reason + ")");
  std::vector<std::string> right, wrong, open, parts;
  for (const Hypothesis* h : all) {
    const bool central = h->id.find('h') != std::string::npos || (!rough && h->id.ends_with("/d"));
    if (h->group_verdict == Verdict::supported)
      right.push_back(fmt::format("{} = {}", h->id, core::number_text(h->predicted, 3)));
    else if (central)
      (h->group_verdict == Verdict::rejected ? wrong : open)
          .push_back(fmt::format("{} = {}", h->id, core::number_text(h->predicted, 3)));
  }
  if (!right.empty())
    parts.push_back(listed(right, right.size() > 1 ? "supported, which cannot be told apart" : "supported"));
  if (!wrong.empty())
    parts.push_back(listed(wrong, "rejected"));
  if (!open.empty())
    parts.push_back(listed(open, "undecided") +
                    (right.empty() && may_be_level(alpha) ? ", since alpha may be zero" : ""));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Which formula holds for which learner, learners of the same verdicts together; empty where nothing was learned.
std::string learned_sentence(const CaseRun& run, const CaseOutcome& outcome, const Report& report) {
  const bool measured = outcome.dimension && (outcome.hurst || !run.source.declared().hurst);
  std::vector<std::pair<std::string, std::string>> said; // verdicts, whose
  for (const LearnedCurve& c : outcome.curves) {
    if (!c.alpha)
      continue;
    const std::string verdicts = formulas_on(*c.alpha, measured ? "measured" : "declared", report),
                      who = fmt::format("{} (alpha = {})", c.learner->title(), with_error(c.alpha->measured));
    const auto same = std::find_if(said.begin(), said.end(), [&](const auto& one) { return one.first == verdicts; });
    if (same == said.end())
      said.emplace_back(verdicts, who);
    else
      same->second += fmt::format(", {}", who);
  }
  std::string text;
  for (const auto& [verdicts, who] : said)
    text += fmt::format("{} {}: {}", text.empty() ? "" : "; for", who, verdicts);
  const bool rough = measured ? outcome.hurst.has_value() : run.source.declared().hurst.has_value();
  return text.empty()
             ? ""
             : fmt::format("With {} {}, for{}.", rough ? "d and h" : "d", measured ? "measured" : "declared", text);
}

std::string sentence_of(const CaseRun& run, const CaseOutcome& outcome, const Report& report) {
  const std::string learned = learned_sentence(run, outcome, report);
  std::string text;
  const bool measured = outcome.dimension.has_value();
  if (measured)
    text += fmt::format("{} reads d = {}", run.config.dimension.judge, with_error(*outcome.dimension));
  if (outcome.hurst)
    text += fmt::format("{} differences between neighbours read h = {}", measured ? "," : "Of the data,",
                        with_error(*outcome.hurst));
  const theory::LearningSetting s = setting_of(run, outcome, measured);
  if (learned.empty() && s.hurst && s.dimension > 0)
    text += fmt::format(": 2h/d = {}, 4h/d = {}", core::number_text(2 * *s.hurst / s.dimension, 3),
                        core::number_text(4 * *s.hurst / s.dimension, 3));
  if (!text.empty())
    text += ".";
  const char* const between = learned.empty() || text.empty() ? "" : " ";
  return learned.empty() && text.empty() ? "" : run.where() + learned + between + text;
}

/// Whose d and h a verdict that counts was given with: the declared ones, or the measured ones where one target was
/// learned, of which the declared h may say nothing (judging_part.cpp).
std::string given_that_counts(const Hypothesis& of, const CaseRun& run, const Report& report) {
  const bool measured = run.config.curves.one_target() &&
                        std::any_of(report.hypotheses.begin(), report.hypotheses.end(), [&](const Hypothesis& h) {
                          return h.id == of.id && h.result == of.result && h.labels.text("given") == "measured";
                        });
  return measured ? "measured" : "declared";
}

/// How often each verdict fell on this formula: "supported in 30, undecided in 2". Where what is learned is noisy, or
/// points are moved off the set, neither 2h/d nor 4h/d is the law, and nothing is counted.
std::string verdicts_on(const std::string& formula, const std::vector<CaseRun>& runs, const Report& report,
                        std::size_t& curves) {
  std::vector<std::pair<std::string, int>> counts;
  curves = 0;
  for (const Hypothesis& h : report.hypotheses) {
    const auto run = std::find_if(runs.begin(), runs.end(),
                                  [&](const CaseRun& one) { return one.which.name == h.labels.text("case"); });
    if (h.id != formula || run == runs.end() || run->source.declared().noisy || run->source.declared().off_set ||
        h.labels.text("given") != given_that_counts(h, *run, report))
      continue;
    ++curves;
    const std::string word = theory::to_text(h.verdict);
    const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == word; });
    if (found == counts.end())
      counts.emplace_back(word, 1);
    else
      ++found->second;
  }
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [word, count] : counts)
    text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", word, count);
  return text;
}

/// What all cases together say; empty of a single one, or where nothing is declared.
std::string sentence_of_all(const LearningConfig& config, const std::vector<CaseRun>& runs, const Report& report) {
  if (runs.size() < 2)
    return "";
  std::size_t curves = 0, sets = 0, held = 0;
  const std::string ours = verdicts_on("2h/d", runs, report, curves), rival = verdicts_on("4h/d", runs, report, curves);
  if (curves > 0)
    return fmt::format("Of {} learning curves of rough targets 2h/d is {}; 4h/d is {}.", curves, ours, rival);
  if (!config.learners.empty())
    return "";
  for (const Judged& j : report.results)
    if (j.predicted && j.result.quantity == "dimension_intrinsic" &&
        j.result.labels.text("estimator") == config.dimension.judge) {
      ++sets;
      held += j.verdict == Verdict::agrees ? 1 : 0;
    }
  return sets == 0 ? "" : fmt::format("{} holds d in {} of {} sets.", config.dimension.judge, held, sets);
}

} // namespace

void show_cases(const LearningConfig& config, const std::vector<CaseRun>& runs,
                const std::vector<CaseOutcome>& outcomes, Report& report) {
  constexpr std::size_t most_curve_figures = 6;
  if (const std::string text = sentence_of_all(config, runs, report); !text.empty())
    report.page.answers.push_back(text);
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (const std::string text = sentence_of(runs[i], outcomes[i], report); !text.empty())
      report.page.answers.push_back(text);
  if (!outcomes.front().dimensions.empty())
    report.page.tables.push_back(dimension_table(runs, outcomes));
  if (!config.learners.empty()) {
    report.page.tables.insert(report.page.tables.begin(), learner_table(runs, outcomes, report));
    if (const Figure f = headline_figure(runs, outcomes); !f.series.empty())
      report.page.figures.push_back(f);
    show_parts(runs, outcomes, report.page);
    show_costs(runs, outcomes, report.page);
    if (runs.size() <= most_curve_figures)
      for (std::size_t i = 0; i < runs.size(); ++i)
        if (Figure f = curves_figure(runs[i], outcomes[i]); !f.series.empty())
          report.page.figures.push_back(std::move(f));
  }
  if (!outcomes.front().bias.empty())
    report.page.figures.push_back(bias_figure(config, outcomes.front()));
  if (!report.page.answers.empty())
    report.answer = {config.learners.empty() ? "What is the dimension of the data?"
                                             : "Which alpha do the data predict, and what did a learner get?",
                     report.page.answers.front(),
                     {}};
  for (const Judged& j : report.results)
    report.answer.results.push_back(j.result.id);
  report.verdict = report.answer.line();
}

} // namespace cascade::app
