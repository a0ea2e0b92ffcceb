#include "theory/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace cascade::theory {
namespace {

constexpr std::pair<Verdict, std::string_view> verdict_names[] = {
    {Verdict::supported, "supported"},
    {Verdict::agrees, "agrees"},
    {Verdict::rejected, "rejected"},
    {Verdict::undecided, "undecided"},
    {Verdict::not_distinguishable, "not distinguishable"},
    {Verdict::near_saturation, "near saturation"},
    {Verdict::not_identified, "not identified"},
    {Verdict::not_judged, "not judged"},
};

} // namespace

std::string to_text(Verdict verdict) {
  for (const auto& [value, name] : verdict_names)
    if (value == verdict)
      return std::string(name);
  throw std::logic_error("to_text: a verdict without a name");
}

std::optional<Verdict> verdict_from_text(std::string_view text) {
  for (const auto& [value, name] : verdict_names)
    if (name == text)
      return value;
  return std::nullopt;
}

Verdict verdict_of(double z, bool near_saturation) {
  if (near_saturation)
    return Verdict::near_saturation;
  if (!std::isfinite(z))
    return Verdict::undecided;
  return std::abs(z) < supported_below  ? Verdict::agrees
         : std::abs(z) > rejected_above ? Verdict::rejected
                                        : Verdict::undecided;
}

std::vector<Judgement> judge(const std::vector<Formula>& formulas, double measured, double standard_error,
                             bool near_saturation) {
  std::vector<Judgement> result;
  // By the measurement's error alone: 2h/d and 4h/d of one uncertain h are not the same formula.
  const auto close = [&](const Formula& a, const Formula& b) {
    return std::abs(a.value - b.value) <= std::max(2 * standard_error, 1e-12 * std::abs(a.value));
  };
  for (const Formula& f : formulas) {
    const double error = std::hypot(standard_error, f.error);
    Judgement j{f, (measured - f.value) / error, error, Verdict::undecided, Verdict::undecided, {}};
    for (const Formula& other : formulas)
      if (close(f, other))
        j.group.push_back(other.id);
    result.push_back(std::move(j));
  }
  const auto may_be_right = [](const Judgement& j) { return std::isfinite(j.z) && std::abs(j.z) < rival_above; };
  bool one_value = true; // of all that are near enough to be right
  for (const Judgement& a : result)
    for (const Judgement& b : result)
      if (may_be_right(a) && may_be_right(b) && !close(a.formula, b.formula))
        one_value = false;
  for (Judgement& j : result) {
    if (!std::isfinite(j.error) || !std::isfinite(measured) || !std::isfinite(j.formula.value)) {
      j.group_verdict = j.verdict = Verdict::undecided; // an error without bound supports nothing
      continue;
    }
    j.group_verdict = verdict_of(j.z, near_saturation);
    if (j.group_verdict == Verdict::agrees)
      j.group_verdict = one_value ? Verdict::supported : Verdict::undecided;
    j.verdict =
        j.group.size() > 1 && j.group_verdict == Verdict::supported ? Verdict::not_distinguishable : j.group_verdict;
  }
  return result;
}

} // namespace cascade::theory
