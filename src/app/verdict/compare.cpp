#include "app/verdict/compare.hpp"

#include "analysis/approximation/loss_setting.hpp"
#include "analysis/measurement/measurement.hpp"
#include "app/verdict/answering.hpp"
#include "app/verdict/headline.hpp"
#include "app/verdict/judging.hpp"
#include "app/verdict/multifractal_page.hpp"
#include "app/verdict/one_roughness.hpp"
#include "core/talk/numbers.hpp"
#include "theory/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::app {
namespace {

using analysis::Result;

/// Exponents that are exact by construction (a set that fills space) have no spread; the smallest error anyone would
/// quote stands in for it.
constexpr double smallest_error = 1e-6;

bool of_uniform_pieces(const Result& r) {
  return is_loss_exponent(r) && r.labels.text("partition") != "adaptive";
}

/// Of a multifractal's moments of order p > q_*/2 few trees decide: the scatter of a mean of A^p is that of A^2p, which
/// realisations do not show beyond q_*, so that leaving one out says too little of it. Pieces refined by the error hang
/// on lower moments, order t p.
bool hangs_on_few_trees(const theory::Law& law, const Result& r) {
  const auto beyond = law.linear_beyond(), below = law.linear_below();
  const bool of_measure = r.quantity == "tau" || r.quantity == "D_q" || r.quantity == "h_q";
  return r.order && (of_measure || r.quantity == "zeta" || of_uniform_pieces(r)) &&
         ((beyond && 2 * *r.order > *beyond) || (below && 2 * *r.order < *below));
}

/// Of random pairs and cells of the point view, however many trees they are in, a part 2^(-n c) meets at n octaves what
/// carries order p, c = zeta_p - p zeta'_p the codimension of that set; of order 2p, which is the scatter, eight
/// should.
bool hangs_on_few_draws(const theory::Law& law, const Result& r) {
  const bool of_pairs = r.quantity == "zeta";
  if (r.method != "sampled" || !r.order || !(of_pairs || of_uniform_pieces(r)) || r.fit.window.size() != 2 ||
      r.curve.count.empty() || !(r.fit.window[0] > 0))
    return false;
  constexpr double step = 1e-4, fewest = 8;
  const double q = 2 * *r.order, slope = (law.zeta(q + step) - law.zeta(q - step)) / (2 * step),
               codimension = law.zeta(q) - q * slope - law.zeta(0), D = law.embedding_dimension(),
               pieces = r.labels.text("partition") == "oracle" ? law.dimension().value_or(D) : D,
               octaves = of_pairs ? -std::log2(r.fit.window[0]) : std::log2(r.fit.window[1]) / pieces,
               draws = *std::min_element(r.curve.count.begin(), r.curve.count.end());
  return draws * std::exp2(-octaves * codimension) < fewest;
}

/// Why no law may be judged by it, whatever its fit says; empty: it may.
std::string too_few(const theory::Law& law, const Result& r) {
  if (hangs_on_few_trees(law, r))
    return *r.order < 0
               ? fmt::format("below order {:.2g} few trees decide the moments, and errors say too little",
                             0.5 * *law.linear_below())
               : fmt::format("above order q_*/2 = {:.2g} few trees decide the moments, and errors say too little",
                             0.5 * *law.linear_beyond());
  return hangs_on_few_draws(law, r) ? fmt::format("fewer than eight of the draws meet what carries order {:g}, the "
                                                  "scatter of order {:g}, and errors say too little",
                                                  2 * *r.order, *r.order)
                                    : "";
}

/// The same for the whole report.
std::string shown_and_not_judged(const theory::Law& law, const Report& report) {
  const auto any = [&](auto&& of) {
    return std::any_of(report.results.begin(), report.results.end(), [&](const Judged& j) { return of(j.result); });
  };
  std::string text;
  const bool large = any([&](const Result&r) { return hangs_on_few_trees(law, r) && *r.order > 0; }),
             negative = any([&](const Result&r) { return hangs_on_few_trees(law, r) && *r.order < 0; });
  if (large || negative)
    text = fmt::format(
        " Moments of orders {}{}{} are shown and not judged: few trees decide them, and errors from leaving trees out "
        "say too little.",
        large ? fmt::format("above q_*/2 = {:.2g}", 0.5 * *law.linear_beyond()) : "", large && negative ? " or " : "",
        negative ? fmt::format("below {:.2g}", 0.5 * *law.linear_below()) : "");
  std::string orders;
  for (const Judged& j : report.results)
    if (!hangs_on_few_trees(law, j.result) && hangs_on_few_draws(law, j.result))
      orders += fmt::format("{}{}", orders.empty() ? "" : ", ", j.result.id);
  if (!orders.empty())
    text += fmt::format(" Not judged either, for want of draws: {}; more sampling.pairs and cells, or fewer octaves "
                        "(sampling.scales), show the scatter.",
                        orders);
  return text;
}

/// Orders that were measured and whose moments grow without bound as scales are added: zeta_p <= 0.
std::string without_moments(const theory::Law& law, const Report& report) {
  std::string orders;
  for (const Judged& j : report.results) {
    const Result& r = j.result;
    if (!r.order || (r.quantity != "zeta" && !is_loss_exponent(r)) || !std::islessequal(law.zeta(*r.order), 0))
      continue;
    const std::string text = fmt::format("{:g} (zeta = {:.2g})", *r.order, law.zeta(*r.order));
    if (orders.find(text) == std::string::npos)
      orders += (orders.empty() ? "" : ", ") + text;
  }
  return orders.empty() ? ""
                        : fmt::format("The field has no moments of order {}: what is measured there is the sample, not "
                                      "the field.",
                                      orders);
}

/// By the law of its own measurement.
Judged predict(const theory::Law& law, Result r) {
  const analysis::MeasurementEntry* entry = analysis::find_measurement(r.stage);
  const auto predicted = entry != nullptr && entry->law != nullptr ? entry->law(law, r) : std::nullopt;
  if (!predicted)
    return unjudged(std::move(r));
  const bool open = !too_few(law, r).empty();
  Judged j = judged(std::move(r), {predicted->value, predicted->formula}, smallest_error, predicted->near_saturation);
  j.few = open;
  if (open)
    j.verdict = Verdict::undecided;
  return j;
}

std::string setting_text(const Result& r) {
  return fmt::format("{} partition, {} average, degree {:g}, loss |f - g|^{:g}", r.labels.text("partition"),
                     r.labels.text("average"), *r.labels.number("degree"), *r.labels.number("loss_power"));
}

std::string sentence(const theory::Judgement& j, const Result& r) {
  const std::string numbers =
      fmt::format("{} = {} against the measured {} ({})", j.formula.id, core::number_text(j.formula.value),
                  core::with_error_text(r.measured.value, r.measured.standard_error), setting_text(r));
  std::string others;
  for (const auto& id : j.group)
    if (id != j.formula.id)
      others += (others.empty() ? "" : ", ") + id;
  if (j.verdict == Verdict::supported)
    return fmt::format("The measurement supports {}.", numbers);
  if (j.verdict == Verdict::rejected)
    return fmt::format("The measurement rejects {}: {} standard errors apart.", numbers,
                       std::abs(j.z) > 1000 ? "more than 1000" : fmt::format("{:.3g}", std::abs(j.z)));
  if (j.verdict == Verdict::near_saturation)
    return fmt::format("No verdict on {}: the law is close to its smooth limit, where the approach takes many octaves.",
                       numbers);
  if (j.verdict == Verdict::not_distinguishable)
    return fmt::format("The measurement agrees with {}, but {} give{} the same value here: it cannot tell them apart.",
                       numbers, others, j.group.size() > 2 ? "" : "s");
  return fmt::format("The measurement neither supports nor rejects {}: {:.2g} standard errors apart.", numbers,
                     std::abs(j.z));
}

/// A fit that may not decide leaves every formula open, however near or far it is.
void leave_open(Hypothesis& h, const Result& r) {
  h.z = std::numeric_limits<double>::quiet_NaN();
  h.verdict = h.group_verdict = Verdict::undecided;
  h.sentence = fmt::format("No verdict on {} = {}: the fit is {} ({}).", h.id, core::number_text(h.predicted),
                           to_text(r.status), r.reason);
}

void add_hypotheses(const theory::Law& law, const Result& r, std::vector<Hypothesis>& out) {
  const auto setting = analysis::loss_setting(r.labels);
  const double measured = r.measured.value, error = std::max(r.measured.standard_error, smallest_error);
  const auto judged = theory::judge(theory::rival_formulas(law, setting), measured, error,
                                    theory::alpha_near_saturation(law, setting, measured));
  const std::string few = too_few(law, r);
  for (const auto& j : judged) {
    Hypothesis h;
    h.id = j.formula.id;
    h.result = r.id;
    h.method = r.method;
    h.labels = r.labels;
    h.predicted = j.formula.value;
    h.measured = r.measured.value;
    h.standard_error = r.measured.standard_error;
    h.z = j.z;
    h.verdict = j.verdict;
    h.group_verdict = j.group_verdict;
    h.group = j.group;
    h.sentence = sentence(j, r);
    if (!may_decide(r)) {
      leave_open(h, r);
    } else if (!few.empty()) {
      h.verdict = h.group_verdict = Verdict::undecided;
      h.sentence = fmt::format("No verdict on {} = {}: {}.", h.id, core::number_text(h.predicted), few);
    }
    out.push_back(std::move(h));
  }
}

} // namespace

void compare(const theory::LawPtr& law, const std::string& source, Report& report) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  TheorySummary& t = report.theory;
  if (law)
    t.embedding_dimension = law->embedding_dimension();
  t.dimension = law ? law->dimension().value_or(unknown) : unknown;
  t.hurst = law ? law->hurst().value_or(unknown) : unknown;
  t.source = law ? source : "none";
  t.reference = law ? law->reference() : "nothing is promised of this field";
  t.orders.clear();
  t.zeta.clear();
  report.hypotheses.clear();
  for (Judged& j : report.results) {
    Judged fresh = law ? predict(*law, std::move(j.result)) : unjudged(std::move(j.result));
    fresh.test = std::move(j.test);
    fresh.expected = std::move(j.expected);
    j = std::move(fresh);
    if (!law)
      continue;
    const Result& r = j.result;
    if (is_loss_exponent(r))
      add_hypotheses(*law, r, report.hypotheses);
    if (r.quantity == "zeta" && r.order && std::find(t.orders.begin(), t.orders.end(), *r.order) == t.orders.end()) {
      t.orders.push_back(*r.order);
      t.zeta.push_back(theory::saturated_zeta(*law, *r.order));
    }
  }
  report.answer = answer_field(report);
  report.page = {};
  add_many_orders(report, law && !law->hurst(), report.page);
  if (law) {
    report.verdict = headline(report);
    if (const std::string pair = law->hurst() ? "" : one_roughness(report); !pair.empty())
      report.verdict += " " + pair;
    report.verdict += shown_and_not_judged(*law, report);
    if (const std::string moments = law->hurst() ? "" : without_moments(*law, report); !moments.empty())
      report.verdict += " " + moments;
    if (const std::string models = law->hurst() ? "" : intermittency_text(report); !models.empty())
      report.verdict += " " + models;
    return;
  }
  report.verdict = fmt::format(
      "{} results were measured; nothing is promised of this field, so that nothing is judged.", report.results.size());
  if (!report.answer.empty())
    report.verdict = report.answer.line() + " " + report.verdict;
}

} // namespace cascade::app
