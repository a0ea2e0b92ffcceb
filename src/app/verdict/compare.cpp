#include "app/verdict/compare.hpp"

#include "app/field/measured.hpp"
#include "theory/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::app {
namespace {

theory::LossSetting loss_setting(const Settings& s) {
  return {s.partition == "adaptive", s.average == "active", s.degree.value_or(0), s.loss_power.value_or(2)};
}

/// Exponents that are exact by construction (a set that fills space) have no spread; z is then zero or infinite in
/// principle, and the smallest error anyone would quote stands in for it.
double usable_error(const Measurement& m) {
  return std::max(m.standard_error, 1e-6);
}

void set_prediction(Result& r, const std::string& formula, double value, bool near_saturation) {
  r.predicted = Prediction{value, formula};
  r.z = (r.measured.value - value) / usable_error(r.measured);
  const bool usable = std::isfinite(r.measured.standard_error) && std::isfinite(value);
  r.verdict = usable ? theory::verdict_of(*r.z, near_saturation) : "undecided";
}

void predict(const theory::Law& law, Result& r) {
  r.verdict = "not judged";
  if (r.quantity == "zeta") {
    const bool saturated = law.zeta(*r.order) > *r.order;
    set_prediction(r, saturated ? "p" : fmt::format("min({}, p)", law.formula()), theory::saturated_zeta(law, *r.order),
                   theory::zeta_near_saturation(law, *r.order));
  } else if (r.quantity == "dimension_box" && r.settings.set == "active" && law.dimension()) {
    set_prediction(r, "d", *law.dimension(), false);
  } else if (r.quantity == "spectrum_slope" && law.spectrum_slope()) {
    set_prediction(r, "-(1 + zeta_2)", *law.spectrum_slope(), false);
  } else if (r.quantity == "alpha") {
    const auto setting = loss_setting(r.settings);
    if (const auto alpha = theory::predicted_alpha(law, setting))
      set_prediction(r, alpha->id, alpha->value, theory::alpha_near_saturation(law, setting));
  }
}

std::string setting_text(const Settings& s) {
  return fmt::format("{} partition, {} average, degree {}, loss |f - g|^{:g}", s.partition, s.average, *s.degree,
                     *s.loss_power);
}

std::string sentence(const theory::Judgement& j, const Result& r) {
  const std::string numbers =
      fmt::format("{} = {:.4g} against the measured {:.4g} +- {:.2g} ({})", j.formula.id, j.formula.value,
                  r.measured.value, r.measured.standard_error, setting_text(r.settings));
  std::string others;
  for (const auto& id : j.group)
    if (id != j.formula.id)
      others += (others.empty() ? "" : ", ") + id;
  if (j.verdict == "supported")
    return fmt::format("The measurement supports {}.", numbers);
  if (j.verdict == "rejected")
    return fmt::format("The measurement rejects {}: {} standard errors apart.", numbers,
                       std::abs(j.z) > 1000 ? "more than 1000" : fmt::format("{:.3g}", std::abs(j.z)));
  if (j.verdict == "near saturation")
    return fmt::format("No verdict on {}: the law is close to its smooth limit, where the approach takes many octaves.",
                       numbers);
  if (j.verdict == "not distinguishable")
    return fmt::format("The measurement agrees with {}, but {} give{} the same value here: it cannot tell them apart.",
                       numbers, others, j.group.size() > 2 ? "" : "s");
  return fmt::format("The measurement neither supports nor rejects {}: {:.2g} standard errors apart.", numbers,
                     std::abs(j.z));
}

void add_hypotheses(const theory::Law& law, const Result& r, std::vector<Hypothesis>& out) {
  const auto setting = loss_setting(r.settings);
  const auto judged = theory::judge(theory::rival_formulas(law, setting), r.measured.value, usable_error(r.measured),
                                    theory::alpha_near_saturation(law, setting));
  for (const auto& j : judged) {
    Hypothesis h;
    h.id = j.formula.id;
    h.result = r.id;
    h.method = r.method;
    h.settings = r.settings;
    h.predicted = j.formula.value;
    h.measured = r.measured.value;
    h.standard_error = r.measured.standard_error;
    h.z = j.z;
    h.verdict = j.verdict;
    h.group_verdict = j.group_verdict;
    h.group = j.group;
    h.sentence = sentence(j, r);
    out.push_back(std::move(h));
  }
}

/// The one setting a headline speaks of for loss power q: the paper's own (adaptive, active) where it was measured, by
/// the method with the smaller error, lowest degree first.
const Result* headline_result(const Report& report, double q) {
  const Result* best = nullptr;
  const auto rank = [](const Result& r) {
    return (r.settings.partition == "adaptive" && r.settings.average == "active" ? 0 : 4) +
           (r.verdict == "near saturation" ? 2 : 0) + (r.method == "sampled" ? 0 : 1);
  };
  for (const Result& r : report.results)
    if (r.quantity == "alpha" && r.settings.loss_power == q && std::isfinite(r.measured.value) &&
        (best == nullptr || rank(r) < rank(*best)))
      best = &r;
  return best;
}

/// "12 sigma", or what is as good as infinite.
std::string sigmas(double z) {
  return std::abs(z) > 1000 ? "more than 1000 sigma" : fmt::format("{:.0f} sigma", std::abs(z));
}

/// Four, or as many as an error needs to show: alpha is small in many dimensions.
int decimals(double error) {
  return error > 0 && error < 5e-5 ? std::min(static_cast<int>(std::ceil(-std::log10(error))) + 1, 12) : 4;
}

std::string headline_for(const Report& report, const Result& r) {
  std::string text = fmt::format(
      "For the mean of |error|^{:g} ({} partition, {} average, degree {}, {}) alpha = {:.{}f} +- {:.{}f}:",
      *r.settings.loss_power, r.settings.partition, r.settings.average, *r.settings.degree, r.method, r.measured.value,
      decimals(r.measured.standard_error), r.measured.standard_error, decimals(r.measured.standard_error));
  if (r.verdict == "near saturation")
    return text + " too close to the smooth limit for a verdict.";
  std::string yes, no, open;
  int others = 0;
  double value = 0;
  for (const Hypothesis& h : report.hypotheses) {
    if (h.result != r.id)
      continue;
    const bool central = h.id == "4h/d" || h.id == "2h/d"; // the two this program was written to tell apart
    if (h.group_verdict == "supported") {
      yes += (yes.empty() ? "" : " = ") + h.id;
      value = h.predicted;
    } else if (h.group_verdict == "rejected" && central) {
      no += fmt::format("{}{} = {:.4g} ({} off)", no.empty() ? "" : ", ", h.id, h.predicted, sigmas(h.z));
    } else if (h.group_verdict == "rejected") {
      ++others;
    } else {
      open += fmt::format("{}{} = {:.4g}", open.empty() ? "" : ", ", h.id, h.predicted);
    }
  }
  text += yes.empty() ? " no formula is supported" : fmt::format(" {} = {:.4g} is supported", yes, value);
  if (!no.empty())
    text += "; " + no + (no.find(',') == std::string::npos ? " is" : " are") + " rejected";
  if (others > 0)
    text += fmt::format("{}{} other formula{} {} rejected", no.empty() ? "; " : ", and ", others, others > 1 ? "s" : "",
                        others > 1 ? "are" : "is");
  if (!open.empty())
    text += "; undecided: " + open;
  return text + ".";
}

std::string headline(const Report& report) {
  std::vector<double> powers;
  for (const Result& r : report.results)
    if (r.quantity == "alpha" && std::find(powers.begin(), powers.end(), *r.settings.loss_power) == powers.end())
      powers.push_back(*r.settings.loss_power);
  std::string text;
  for (double q : powers)
    if (const Result* r = headline_result(report, q))
      text += (text.empty() ? "" : " ") + headline_for(report, *r);
  int judged = 0, kept = 0;
  std::string failed;
  for (const Result& r : report.results) {
    if (r.verdict != "supported" && r.verdict != "rejected" && r.verdict != "undecided")
      continue;
    ++judged;
    kept += r.verdict == "supported" ? 1 : 0;
    if (r.verdict == "rejected")
      failed += (failed.empty() ? "" : ", ") + r.id;
  }
  text += fmt::format("{}{} of {} measured exponents agree with their law within two standard errors",
                      text.empty() ? "" : " ", kept, judged);
  return text + (failed.empty() ? "." : "; the law fails for " + failed + ".");
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
  for (Result& r : report.results) {
    if (!law) {
      r.verdict = "not judged";
      continue;
    }
    predict(*law, r);
    if (r.quantity == "alpha")
      add_hypotheses(*law, r, report.hypotheses);
    if (r.quantity == "zeta" && std::find(t.orders.begin(), t.orders.end(), *r.order) == t.orders.end()) {
      t.orders.push_back(*r.order);
      t.zeta.push_back(theory::saturated_zeta(*law, *r.order));
    }
  }
  report.verdict =
      law ? headline(report)
          : fmt::format("{} exponents were measured; nothing is promised of this field, so that nothing is judged.",
                        report.results.size());
}

} // namespace cascade::app
