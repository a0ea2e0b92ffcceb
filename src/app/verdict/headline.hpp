#pragma once
// The verdict of a report, in plain sentences.

#include "app/report/report.hpp"

#include <string>

namespace cascade::app {

/// An exponent of a piecewise fit, with the labels that say which: what formulas for alpha are tested against, and what
/// the headline speaks of. A measurement's own "alpha" without them is a result like any other.
bool is_loss_exponent(const analysis::Result& result);

/// For every loss power the answer in the paper's own setting, then how many measured exponents agree with their law.
/// Reads results and hypotheses; says so where there is nothing to judge.
std::string headline(const Report& report);

} // namespace cascade::app
