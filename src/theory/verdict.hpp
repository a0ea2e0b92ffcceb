#pragma once
// Supported, rejected, or neither: the rule, apart from any measurement. docs/theory.md, "Verdicts".

#include "theory/exponents.hpp"

#include <string>
#include <vector>

namespace cascade::theory {

inline constexpr double supported_below = 2, rival_above = 3, rejected_above = 5;

struct Judgement {
  Formula formula;
  double z = 0;              ///< (measured - predicted)/standard error
  std::string verdict;       ///< "supported" | "rejected" | "undecided" | "not distinguishable" | "near saturation"
  std::string group_verdict; ///< what the value itself earned, whichever formula of the group it is
  std::vector<std::string> group; ///< ids of formulas whose values lie within 2 standard errors, itself included
};

/// |z| > 5: rejected. |z| < 2 and no formula of another value with |z| < 3: supported. Else undecided. Formulas closer
/// to each other than 2 standard errors are one group; a member of a supported group that is not alone is "not
/// distinguishable": the value is right, but this measurement cannot tell whose it is. `near_saturation`: no
/// verdict.
std::vector<Judgement> judge(const std::vector<Formula>& formulas, double measured, double standard_error,
                             bool near_saturation);

/// The rule for a single prediction without rivals.
std::string verdict_of(double z, bool near_saturation);

} // namespace cascade::theory
