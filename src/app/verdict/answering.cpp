#include "app/verdict/answering.hpp"

#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cascade::app {
namespace {

using Formulas = std::vector<std::string>;

const Judged* headline_result(const Report& report, double q, Headline of) {
  const Judged* best = nullptr;
  const auto rank = [of](const Judged& j) {
    const analysis::Labels& l = j.result.labels;
    if (of == Headline::read_field)
      return (may_decide(j.result) ? 0 : 4) + (l.text("partition") == "uniform" ? 0 : 2) +
             (l.text("average") == "volume" ? 0 : 1);
    const bool active = l.text("average") == "active", adaptive = l.text("partition") == "adaptive";
    const int kind = active && adaptive ? 0 : active && l.text("partition") == "oracle" ? 2 : adaptive ? 8 : 10;
    return kind + (j.verdict == Verdict::near_saturation || !may_decide(j.result) ? 4 : 0) +
           (j.result.method == "sampled" ? 0 : 1);
  };
  for (const Judged& j : report.results)
    if (is_loss_exponent(j.result) && j.result.labels.number("loss_power") == q &&
        std::isfinite(j.result.measured.value) && (best == nullptr || rank(j) < rank(*best)))
      best = &j;
  return best;
}

std::string value_text(const analysis::Result& r) {
  return core::with_error_text(r.measured.value, r.measured.standard_error);
}

const Hypothesis* tested(const Report& report, const analysis::Result& r, const std::string& formula) {
  for (const Hypothesis& h : report.hypotheses)
    if (h.result == r.id && h.id == formula)
      return &h;
  return nullptr;
}

/// "2h/d", "2h/d (the same number here: q*h/D, zeta_q/D)": the first of the group, and what is not the same by
/// definition. q h/d is 2h/d where q is 2.
std::string named(const std::string& first, const Formulas& group, double q) {
  std::string others;
  for (const std::string& id : group)
    if (id != first && !(id == "q*h/d" && first == fmt::format("{:g}h/d", q)))
      others += (others.empty() ? "" : ", ") + id;
  return others.empty() ? first : fmt::format("{} (not told apart here: {})", first, others);
}

/// What is supported, the two formulas of the question before all others; empty: nothing.
std::string supported_formula(const Report& report, const analysis::Result& r, double q) {
  const Hypothesis* found = nullptr;
  for (const Hypothesis& h : report.hypotheses)
    if (h.result == r.id && h.group_verdict == Verdict::supported &&
        (found == nullptr || (h.id == "2h/d" && found->id != "4h/d")))
      found = &h;
  return found == nullptr ? "" : named(found->id, found->group, q);
}

/// "2h/d = 0.190 and q*h/D = 0.178 are undecided", by values; empty: nothing is.
std::string undecided_formulas(const Report& report, const analysis::Result& r) {
  std::vector<std::string> open;
  std::vector<double> values;
  for (const Hypothesis& h : report.hypotheses) {
    const bool named_already = std::any_of(values.begin(), values.end(), [&h](double v) {
      constexpr double same = 1e-12;
      return std::fabs(v - h.predicted) <= same * std::fabs(v);
    });
    if (h.result != r.id || h.group_verdict != Verdict::undecided || named_already)
      continue;
    values.push_back(h.predicted);
    open.push_back(fmt::format("{} = {}", h.id, core::number_text(h.predicted, 3)));
  }
  if (open.empty())
    return "";
  const std::string last = open.back();
  open.pop_back();
  return open.empty() ? last + " is undecided" : fmt::format("{} and {} are undecided", fmt::join(open, ", "), last);
}

std::string answer_for(const Report& report, const Judged& judged) {
  const analysis::Result& r = judged.result;
  const double q = *r.labels.number("loss_power");
  const std::string loss = loss_name(q), value = value_text(r);
  const Hypothesis* four = tested(report, r, "4h/d");
  if (judged.verdict == Verdict::near_saturation)
    return fmt::format("Not to be told for {}: alpha = {} is too close to its smooth limit.", loss, value);
  if (!may_decide(r))
    return fmt::format("Undecided for {}: the fit is {}.", loss, to_text(r.status));
  const std::string other = supported_formula(report, r, q);
  if (four == nullptr)
    return fmt::format("Not asked of {}, whose field has no h or d: alpha = {}{}.", loss, value,
                       other.empty() ? "" : " = " + other);
  if (four->group_verdict == Verdict::supported)
    return fmt::format("Yes for {}: {} = {}.", loss, value, named(four->id, four->group, q));
  const std::string predicted = core::number_text(four->predicted, 3);
  if (four->group_verdict != Verdict::rejected)
    return fmt::format("Undecided for {}: {} against 4h/d = {}.", loss, value, predicted);
  if (other.empty()) {
    const std::string open = undecided_formulas(report, r);
    return fmt::format("No for {}: {} against 4h/d = {}; {}.", loss, value, predicted,
                       open.empty() ? "no formula is supported" : open);
  }
  return fmt::format("No for {}: {} = {}.", loss, value, other);
}

/// "By the theory that the input declares (d = 2.5, h = 0.1667): "
std::string declared(const TheorySummary& t) {
  if (t.source != "input")
    return "";
  std::string values;
  for (const auto& [name, value] : {std::pair{"d", t.dimension}, std::pair{"h", t.hurst}})
    if (std::isfinite(value))
      values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", name, core::number_text(value));
  return "By the theory that the input declares" + (values.empty() ? "" : " (" + values + ")") + ": ";
}

} // namespace

bool is_loss_exponent(const analysis::Result& r) {
  return r.quantity == "alpha" && r.labels.number("loss_power") && r.labels.number("degree");
}

std::vector<const Judged*> headline_results(const Report& report, Headline of) {
  std::vector<double> powers;
  std::vector<const Judged*> chosen;
  for (const Judged& j : report.results) {
    const auto q = j.result.labels.number("loss_power");
    if (!is_loss_exponent(j.result) || std::find(powers.begin(), powers.end(), *q) != powers.end())
      continue;
    powers.push_back(*q);
    if (const Judged* best = headline_result(report, *q, of))
      chosen.push_back(best);
  }
  return chosen;
}

PlainAnswer answer_field(const Report& report) {
  const std::vector<const Judged*> chosen = headline_results(report);
  if (chosen.empty())
    return {};
  PlainAnswer answer;
  const bool promised = report.theory.source != "none";
  answer.question = promised ? "Is alpha = 4h/d?" : "What is alpha?";
  for (const Judged* j : chosen) {
    std::string said =
        promised ? answer_for(report, *j)
                 : fmt::format("{} for {}.", value_text(j->result), loss_name(*j->result.labels.number("loss_power")));
    answer.text += (answer.text.empty() ? "" : " ") + said;
    answer.results.push_back(j->result.id);
  }
  answer.text = promised ? declared(report.theory) + answer.text
                         : answer.text + " Nothing is promised of this field: no formula is judged.";
  return answer;
}

} // namespace cascade::app
