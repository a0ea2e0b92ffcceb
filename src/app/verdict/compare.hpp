#pragma once
// Where measured and predicted values meet.

#include "app/report/report.hpp"
#include "theory/theory.hpp"

namespace cascade::app {

/// Fills the theory summary, predictions, z and verdicts of every result, the hypotheses for every measured alpha, and
/// the headline. Reads measured values, never changes one. Local.
void compare(const theory::Theory& theory, Report& report);

} // namespace cascade::app
