#pragma once
// Supported, rejected, or neither: the rule, apart from any measurement. docs/theory.md, "Verdicts".

#include "theory/exponents.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cascade::theory {

inline constexpr double supported_below = 2, rival_above = 3, rejected_above = 5;

enum class Verdict {
  supported, ///< a formula: measured, and no rival is anywhere near
  agrees,    ///< a result with its law: measured where the law says
  rejected,
  undecided,
  not_distinguishable, ///< right, but another formula has the same value here
  near_saturation,     ///< the crossover to the smooth limit is too slow to pronounce
  not_identified,      ///< the data do not determine the value
  not_judged           ///< nothing is predicted
};

/// "not distinguishable": as reports write it.
std::string to_text(Verdict verdict);
/// The verdict of that name; nullopt for any other text.
std::optional<Verdict> verdict_from_text(std::string_view text);

struct Judgement {
  Formula formula;
  double z = 0;     ///< (measured - predicted)/error
  double error = 0; ///< of the difference: the measurement's standard error and the formula's own, in quadrature
  Verdict verdict = Verdict::undecided;
  Verdict group_verdict = Verdict::undecided; ///< what the value itself earned, whichever formula of the group it is
  std::vector<std::string> group;             ///< ids of formulas whose values lie within 2 errors, itself included
};

/// |z| > 5: rejected. |z| < 2, and all formulas with |z| < 3 have one value: supported. Else undecided. Formulas closer
/// to each other than 2 errors of the measurement (their own do not count: those of 2h/d and 4h/d are of one h) are one
/// group and have one value; a member of a supported group that is not alone is "not distinguishable": the value is
/// right, but this measurement cannot tell whose it is. A formula between two that are apart is supported no more than
/// they are. `near_saturation`: no verdict.
std::vector<Judgement> judge(const std::vector<Formula>& formulas, double measured, double standard_error,
                             bool near_saturation);

/// The rule for a single prediction without rivals: |z| < 2 agrees, > 5 rejected, else undecided.
Verdict verdict_of(double z, bool near_saturation);

} // namespace cascade::theory
