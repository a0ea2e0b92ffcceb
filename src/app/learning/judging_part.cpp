#include "app/learning/case_run.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"
#include "theory/scaling/learner_law.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {
namespace {

using theory::LearningSetting;

/// What the formulas are made of: numbers of the generator, or measured ones.
struct Given {
  std::string source; ///< "declared" | "measured"
  LearningSetting setting;
};

std::vector<Given> given_for(const CaseRun& run, const CaseOutcome& outcome, const analysis::Learner& learner) {
  const Declared declared = run.source.declared();
  const auto D = static_cast<double>(run.source.dimension());
  std::vector<Given> out;
  const auto learned = [&](LearningSetting s) {
    s.smooth_loss_exponent = learner.smooth_loss_exponent(s.dimension);
    s.averages_noise = learner.averages_noise();
    s.noisy = declared.noisy;
    return s;
  };
  if (declared.dimension)
    out.push_back({"declared", learned({*declared.dimension, D, declared.hurst})});
  if (outcome.dimension && outcome.dimension->value > 0) {
    const analysis::Measured& d = *outcome.dimension;
    Given g{"measured", learned({d.value, D, {}})};
    g.setting.dimension_error = d.standard_error;
    if (outcome.hurst && outcome.hurst->value > 0 && !declared.smooth) {
      g.setting.hurst = outcome.hurst->value;
      g.setting.hurst_error = outcome.hurst->standard_error;
    }
    out.push_back(g);
  }
  return out;
}

/// Declared is the h of all targets that a generator makes. Repeats of one of them share its waves, and their scatter
/// is not what its h differs by from theirs: three such targets (d = 1, h = 1/2, random features) had alpha = .77, .98,
/// .74 with errors of .03 to .07.
bool is_of_one_target(const CaseRun& run, const Given& given) {
  return given.source == "declared" && given.setting.hurst.has_value() && run.config.curves.one_target();
}

/// Why d and h declared reject nothing here; nothing where they do.
const char* why_not_rejected(const CaseRun& run, const Given& given) {
  if (is_of_one_target(run, given))
    return ", one target, whose own waves are not in the error; learn fresh targets (curves.fresh_targets), or judge "
           "it by the h measured on it";
  if (given.source == "declared" && run.source.declared().off_set)
    return ", of the set, off which noise moves the points; judge it by what is measured on them";
  return nullptr;
}

/// The verdict with what is not known taken into account.
Verdict weighed(Verdict verdict, const analysis::Result& alpha, const char* not_rejected) {
  const bool held =
      verdict == Verdict::supported || verdict == Verdict::agrees || verdict == Verdict::not_distinguishable;
  return (verdict == Verdict::rejected && not_rejected != nullptr) || (held && may_be_level(alpha)) ? Verdict::undecided
                                                                                                    : verdict;
}

/// Of a set, off which points may be moved.
Judged judged_of_set(const CaseRun& run, const analysis::Result& r, const Prediction& of_set) {
  Judged j = judged(r, of_set, 1e-9);
  if (run.source.declared().off_set) {
    j.predicted->formula += ", without noise off it";
    if (j.verdict == Verdict::rejected)
      j.verdict = Verdict::undecided;
  }
  return j;
}

void add_hypotheses(const CaseRun& run, const Judged& judged, const Given& given, Report& report) {
  const analysis::Result& r = judged.result;
  const double error = r.measured.standard_error;
  const bool decides = may_decide(r) && std::isfinite(error) && error > 0;
  const char* const not_rejected = why_not_rejected(run, given);
  for (const theory::Judgement& j :
       theory::judge(theory::learner_formulas(given.setting), r.measured.value, decides ? error : 1.0, false)) {
    Hypothesis h;
    h.id = j.formula.id;
    h.result = r.id;
    h.method = r.method;
    h.labels = r.labels;
    if (!run.which.name.empty())
      h.labels.set("case", run.which.name);
    h.labels.set("given", given.source);
    h.labels.say(fmt::format("{}{}, d and h {}", run.where(), r.labels.words(), given.source));
    h.predicted = j.formula.value;
    h.measured = r.measured.value;
    h.standard_error = decides ? j.error : error;
    h.z = j.z;
    h.verdict = decides ? weighed(j.verdict, r, not_rejected) : Verdict::undecided;
    h.group_verdict = decides ? weighed(j.group_verdict, r, not_rejected) : Verdict::undecided;
    const char* const why = h.verdict == j.verdict           ? ""
                            : j.verdict == Verdict::rejected ? not_rejected
                                                             : ", since alpha may be zero";
    h.group = j.group;
    h.sentence = !decides ? fmt::format("Undecided: {}.", r.reason.empty() ? "no error is known" : r.reason)
                          : fmt::format("{} = {} with d and h {}; learned {}, {:.1f} standard errors away: {}{}.",
                                        j.formula.id, core::number_text(j.formula.value), given.source,
                                        core::with_error_text(r.measured.value, j.error), std::abs(j.z),
                                        theory::to_text(h.verdict), why);
    report.hypotheses.push_back(h);
  }
}

} // namespace

bool may_be_level(const analysis::Result& alpha) {
  return alpha.measured.value < theory::supported_below * alpha.measured.standard_error;
}

void judge_case(const CaseRun& run, const CaseOutcome& outcome, Report& report) {
  const Declared declared = run.source.declared();
  for (const analysis::Result& r : outcome.dimensions)
    if (declared.dimension)
      report.results.push_back(judged_of_set(run, r, {*declared.dimension, "d of the set"}));
    else
      report.results.push_back(unjudged(r));
  for (const analysis::Result& r : outcome.roughness)
    if (declared.hurst && r.order == 2.0)
      report.results.push_back(judged_of_set(run, r, {*declared.hurst, "h of the target"}));
    else
      report.results.push_back(unjudged(r));
  for (const LearnedCurve& c : outcome.curves) {
    if (!c.alpha)
      continue;
    const std::vector<Given> all = given_for(run, outcome, *c.learner);
    // smooth is what is declared so; of a file whose h could not be measured nothing is predicted
    const bool known = !all.empty() && (all.front().setting.hurst || declared.smooth);
    const auto law = known ? theory::learner_law(all.front().setting) : std::nullopt;
    Judged j = law ? judged(*c.alpha, {law->value, law->id}, 1e-9) : unjudged(*c.alpha);
    if (law && all.front().source == "measured" && may_decide(j.result)) {
      const double error = std::hypot(c.alpha->measured.standard_error, law->error);
      j = judged_at(*c.alpha, {law->value, law->id + ", measured"}, (c.alpha->measured.value - law->value) / error);
    }
    if (!all.empty())
      j.verdict = weighed(j.verdict, j.result, why_not_rejected(run, all.front()));
    for (const Given& given : all)
      add_hypotheses(run, j, given, report);
    report.results.push_back(std::move(j));
  }
}

} // namespace cascade::app
