#include "app/verdict/given.hpp"

#include "analysis/approximation/loss_setting.hpp"
#include "analysis/measurement/curves.hpp"
#include "app/verdict/answering.hpp"
#include "app/verdict/judging.hpp"
#include "app/verdict/many_roughnesses.hpp"
#include "core/talk/numbers.hpp"
#include "theory/beta_law.hpp"
#include "theory/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace cascade::app {
namespace {

/// A number and its error; no error: by definition.
struct Known {
  double value = 0, error = 0;
};

/// h and d of the field as it shows them.
struct Roughness {
  int dimensions = 1;
  Known zeta2, d;
  bool fills = true; ///< d = D
  double h() const { return 0.5 * (zeta2.value - dimensions + d.value); }
  double error() const { return 0.5 * std::hypot(zeta2.error, d.error); }
  theory::BetaLaw law(double zeta, double dimension) const {
    return {dimensions, dimension, 0.5 * (zeta - dimensions + dimension), "h and d measured in this field"};
  }
  theory::BetaLaw law() const { return law(zeta2.value, d.value); }
};

const Judged* first_of(const Report& report, const std::string& quantity, const std::string& set = "") {
  for (const Judged& j : report.results)
    if (j.result.quantity == quantity && (set.empty() || j.result.labels.text("set") == set))
      return &j;
  return nullptr;
}

const Judged* second_order(const Report& report) {
  for (const Judged& j : report.results)
    if (j.result.quantity == "zeta" && j.result.order == 2.0)
      return &j;
  return nullptr;
}

/// Below this much less than D a set is taken to fill the box: the lattice's own gradients are not exact.
constexpr double fills_above = 0.1;

std::optional<Roughness> roughness_of(const Report& report) {
  const Judged* hurst = first_of(report, "hurst");
  if (hurst == nullptr || !decides(hurst->result.status))
    return std::nullopt;
  Roughness rough;
  rough.dimensions = report.theory.embedding_dimension;
  rough.zeta2 = {2 * hurst->result.measured.value, 2 * hurst->result.measured.standard_error};
  rough.d = {static_cast<double>(rough.dimensions), 0};
  if (const Judged* set = first_of(report, "dimension_box", "gradient");
      set != nullptr && decides(set->result.status)) {
    const analysis::Measured& m = set->result.measured;
    const double below = rough.dimensions - m.value;
    if (m.value > 0 && below > std::max(fills_above, 2 * m.standard_error)) {
      rough.d = {m.value, m.standard_error};
      rough.fills = false;
    }
  }
  return rough;
}

/// How much a formula's value moves with the errors of zeta_2 and d.
double error_of(const Roughness& rough, const theory::LossSetting& setting, std::size_t formula) {
  const auto moved = [&](double zeta, double d) {
    const std::vector<theory::Formula> up = theory::rival_formulas(
                                           rough.law(rough.zeta2.value + zeta, rough.d.value + d), setting),
                                       here = theory::rival_formulas(rough.law(), setting);
    return up[formula].value - here[formula].value;
  };
  return std::hypot(moved(rough.zeta2.error, 0), moved(0, rough.d.error));
}

void judge_alpha(const Roughness& rough, const analysis::Result& r, std::vector<Hypothesis>& out) {
  const theory::LossSetting setting = analysis::loss_setting(r.labels);
  const theory::BetaLaw law = rough.law();
  const std::vector<theory::Formula> formulas = theory::rival_formulas(law, setting);
  std::vector<double> errors;
  for (std::size_t i = 0; i < formulas.size(); ++i)
    errors.push_back(std::max(std::hypot(r.measured.standard_error, error_of(rough, setting, i)), 1e-6));
  const auto z = [&](std::size_t i) { return (r.measured.value - formulas[i].value) / errors[i]; };
  const bool near = theory::alpha_near_saturation(law, setting, r.measured.value);
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    Hypothesis h;
    h.id = formulas[i].id;
    h.result = r.id;
    h.method = r.method;
    h.labels = r.labels;
    h.predicted = formulas[i].value;
    h.measured = r.measured.value;
    h.standard_error = errors[i];
    h.z = z(i);
    for (std::size_t k = 0; k < formulas.size(); ++k)
      if (std::abs(formulas[k].value - h.predicted) <= 2 * errors[i])
        h.group.push_back(formulas[k].id);
    h.group_verdict = may_decide(r) ? theory::verdict_of(h.z, near) : Verdict::undecided;
    if (h.group_verdict == Verdict::agrees) {
      h.group_verdict = Verdict::supported;
      for (std::size_t k = 0; k < formulas.size(); ++k)
        if (std::abs(z(k)) < theory::rival_above && std::abs(formulas[k].value - h.predicted) > 2 * errors[i])
          h.group_verdict = Verdict::undecided;
    }
    h.verdict =
        h.group.size() > 1 && h.group_verdict == Verdict::supported ? Verdict::not_distinguishable : h.group_verdict;
    h.sentence =
        fmt::format("{} = {} from the measured h and d, against the measured alpha = {}: {:.2g} sigmas apart{}.", h.id,
                    core::with_error_text(h.predicted, error_of(rough, setting, i)),
                    core::with_error_text(r.measured.value, r.measured.standard_error), std::abs(h.z),
                    may_decide(r) ? "" : fmt::format(" (no verdict: the fit is {})", to_text(r.status)));
    out.push_back(std::move(h));
  }
}

/// 2 zeta_1 - zeta_2 of blind exponents, which is D - d of a field that is rough on a set of dimension d; nothing where
/// they do not decide. It is twice the slope of a flatness, zeta_1 = zeta_2/2 + slope: zeta_2's error drops out.
std::optional<Known> intermittency(const Report& report) {
  std::optional<Known> first, second;
  for (const Judged& j : report.results) {
    if (j.result.quantity != "zeta" || j.result.labels.text("component") == "transverse")
      continue;
    const auto blind = j.result.answers.find(analysis::Way::blind);
    if (blind == j.result.answers.end() || !blind->second.decisive() || !blind->second.has_value())
      continue;
    const analysis::Measured& m = blind->second.measured;
    if (j.result.order == 1.0)
      first = {m.value, m.standard_error};
    if (j.result.order == 2.0)
      second = {m.value, m.standard_error};
  }
  if (!first || !second)
    return std::nullopt;
  const double own = std::max(first->error * first->error - second->error * second->error / 4, 0.0);
  return Known{2 * first->value - second->value, 2 * std::sqrt(own)};
}

std::string roughness_text(const Report& report, const Roughness& rough) {
  const Judged& hurst = *first_of(report, "hurst");
  const double octaves = hurst.result.fit.octaves;
  std::string text = fmt::format("h = {}{}", core::with_error_text(rough.h(), rough.error()),
                                 std::isfinite(octaves) ? fmt::format(" over {:.1f} octaves", octaves) : "");
  if (const Judged* second = second_order(report))
    if (const auto plain = second->result.answers.find(analysis::Way::plain);
        plain != second->result.answers.end() && plain->second.decisive())
      text += fmt::format(" (by S_2 alone {})",
                          core::with_error_text(0.5 * (plain->second.measured.value - rough.dimensions + rough.d.value),
                                                0.5 * plain->second.measured.standard_error));
  text += rough.fills
              ? fmt::format(", d = {} (it fills its box)", rough.dimensions)
              : fmt::format(", d = {} (boxes of large gradients)", core::with_error_text(rough.d.value, rough.d.error));
  if (const auto codimension = intermittency(report))
    text += fmt::format("; 2 zeta_1 - zeta_2 = D - d says d = {}",
                        core::with_error_text(rough.dimensions - codimension->value, codimension->error));
  return text + ".";
}

std::string sigmas_text(double z) {
  return std::abs(z) > 1000 ? "more than 1000 sigmas off" : fmt::format("{:.1f} sigmas off", std::abs(z));
}

/// "The mean-square loss of uniform cells, degree 0: alpha = .. measured; 2h/d = .. (..), 4h/d = .. (..)."
std::string alpha_text(const Report& report, const Judged& j) {
  const analysis::Result& r = j.result;
  const double q = *r.labels.number("loss_power");
  std::string text =
      fmt::format("For {} ({} partition, degree {:g}) alpha = {} measured", loss_name(q), r.labels.text("partition"),
                  *r.labels.number("degree"), core::with_error_text(r.measured.value, r.measured.standard_error));
  if (!may_decide(r))
    return text + fmt::format(", which decides nothing ({}).", r.reason.empty() ? to_text(r.status) : r.reason);
  std::string predicted, agreeing, rejected, undecided;
  std::vector<std::string> said;
  for (const char* id : {"2h/d", "4h/d", "q*h/d", "zeta_q/D", "zeta_q/d"})
    for (const Hypothesis& h : report.hypotheses) {
      if (h.result != r.id || h.id != id)
        continue;
      const std::string value = core::number_text(h.predicted, 3);
      if (std::find(said.begin(), said.end(), value) != said.end())
        continue; // the same number by another name
      said.push_back(value);
      predicted += fmt::format("{}{} = {} ({})", predicted.empty() ? "" : ", ", h.id, value, sigmas_text(h.z));
      std::string& said_of = std::abs(h.z) < theory::supported_below  ? agreeing
                             : std::abs(h.z) > theory::rejected_above ? rejected
                                                                      : undecided;
      said_of += (said_of.empty() ? "" : " and ") + h.id;
    }
  std::string verdict = agreeing.empty() ? "" : "it agrees with " + agreeing;
  for (const auto& [verb, laws] : {std::pair{"rejects", rejected}, std::pair{"leaves open", undecided}})
    if (!laws.empty())
      verdict += fmt::format("{}{} {}", verdict.empty() ? "it " : ", ", verb, laws);
  return text + fmt::format("; predicted {}: {}.", predicted, verdict.empty() ? "nothing to compare" : verdict);
}

/// Why there is no blind h, as the warning of its missing result says; empty: it was not looked for.
std::string why_no_hurst(const Report& report) {
  if (const Judged* hurst = first_of(report, "hurst"))
    return hurst->result.reason;
  const std::string start = "grid/hurst: ", end = "; no exponent is given";
  for (const std::string& warning : report.warnings)
    if (warning.starts_with(start))
      return warning.substr(start.size(), warning.find(end) - start.size());
  return "";
}

std::string no_range_text(const Report& report, const analysis::BlockTable* second) {
  const std::string why = why_no_hurst(report);
  std::string text =
      why.empty() ? "No blind h was measured (see the warnings)." : "There is no scaling range: " + why + ".";
  if (second == nullptr)
    return text + " No exponent is predicted.";
  const std::vector<double> slopes = analysis::local_slopes(second->x, second->mean());
  std::string said;
  constexpr std::size_t most = 6;
  const std::size_t step = std::max<std::size_t>(1, (slopes.size() + most - 1) / most);
  for (std::size_t i = 0; i < slopes.size(); i += step)
    if (std::isfinite(slopes[i]))
      said += fmt::format("{}{} at r = {}", said.empty() ? "" : ", ", core::number_text(slopes[i], 2),
                          core::number_text(second->x[i], 2));
  return text + (said.empty() ? "" : " The local slope of S_2 is " + said + ".") + " No exponent is predicted.";
}

} // namespace

void answer_given(const analysis::BlockTable* second, Report& report) {
  report.hypotheses.clear();
  PlainAnswer answer;
  answer.question = "Which alpha does the roughness of this field predict?";
  const std::optional<Roughness> rough = roughness_of(report);
  if (rough && rough->h() + rough->error() < 0) {
    answer.text = roughness_text(report, *rough) +
                  fmt::format(" A negative h is that of a noise, whose pieces are as far off at any size: no alpha is "
                              "predicted. Its running sum has h + 1 = {} (field.running_sum: true).",
                              core::with_error_text(rough->h() + 1, rough->error()));
  } else if (rough) {
    report.theory.reference = "h and d measured in this field";
    for (const Judged& j : report.results)
      if (is_loss_exponent(j.result))
        judge_alpha(*rough, j.result, report.hypotheses);
    answer.text = many_roughnesses(report) + roughness_text(report, *rough);
    for (const Judged* j : headline_results(report, Headline::read_field)) {
      answer.text += " " + alpha_text(report, *j);
      answer.results.push_back(j->result.id);
    }
  } else {
    answer.text = no_range_text(report, second);
  }
  for (const char* quantity : {"hurst", "dimension_box"})
    if (const Judged* j = first_of(report, quantity))
      answer.results.push_back(j->result.id);
  report.answer = answer;
  report.verdict = answer.line() + fmt::format(" {} results were measured.", report.results.size());
}

} // namespace cascade::app
