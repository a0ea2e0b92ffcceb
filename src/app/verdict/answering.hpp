#pragma once
// The question of a run of one field, "Is alpha = 4h/d?", answered from its verdicts.

#include "app/report/report.hpp"

#include <vector>

namespace cascade::app {

/// An exponent of a piecewise fit, with the labels that say which: what formulas for alpha are tested against, and what
/// the headline speaks of. A measurement's own "alpha" without them is a result like any other.
bool is_loss_exponent(const analysis::Result& result);

/// Whose alpha a headline speaks of.
enum class Headline {
  generated, ///< the paper's own setting where it was measured (the active set; adaptive, or else the oracle)
  read_field ///< uniform cells of the volume: what own fields of known h are counted with (docs/coverage.md)
};

/// The one setting a headline speaks of for each loss power, in the order of the results: a fit that decides where
/// there is one, by the method with the smaller error, lowest degree first.
std::vector<const Judged*> headline_results(const Report& report, Headline of = Headline::generated);

/// For every loss power: yes where the value of 4h/d is supported, no where it is rejected (and which formula is
/// supported, with all that have the same value here), undecided otherwise and why. Empty without an alpha.
PlainAnswer answer_field(const Report& report);

} // namespace cascade::app
