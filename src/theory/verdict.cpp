#include "theory/verdict.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::theory {

std::string verdict_of(double z, bool near_saturation) {
  if (near_saturation)
    return "near saturation";
  if (!std::isfinite(z))
    return "undecided";
  return std::abs(z) < supported_below ? "supported" : std::abs(z) > rejected_above ? "rejected" : "undecided";
}

std::vector<Judgement> judge(const std::vector<Formula>& formulas, double measured, double standard_error,
                             bool near_saturation) {
  std::vector<Judgement> result;
  const auto close = [&](const Formula& a, const Formula& b) {
    return std::abs(a.value - b.value) <= std::max(2 * standard_error, 1e-12 * std::abs(a.value));
  };
  for (const Formula& f : formulas) {
    Judgement j{f, (measured - f.value) / standard_error, "", "", {}};
    for (const Formula& other : formulas)
      if (close(f, other))
        j.group.push_back(other.id);
    result.push_back(std::move(j));
  }
  for (Judgement& j : result) {
    if (!std::isfinite(standard_error) || !std::isfinite(measured) || !std::isfinite(j.formula.value)) {
      j.group_verdict = j.verdict = "undecided"; // an error without bound supports nothing
      continue;
    }
    j.group_verdict = verdict_of(j.z, near_saturation);
    if (j.group_verdict == "supported")
      for (const Judgement& rival : result)
        if (!close(rival.formula, j.formula) && std::abs(rival.z) < rival_above)
          j.group_verdict = "undecided";
    j.verdict = j.group.size() > 1 && j.group_verdict == "supported" ? "not distinguishable" : j.group_verdict;
  }
  return result;
}

} // namespace cascade::theory
