#pragma once
// Where measured and predicted values meet.

#include "app/report/report.hpp"
#include "theory/law.hpp"

#include <string>

namespace cascade::app {

/// Fills the theory summary, predictions, z and verdicts of every result, the hypotheses for every measured alpha, and
/// the headline. Reads measured values, never changes one. `law`: null where nothing is promised, and nothing is judged
/// then; `source` says who promises ("generator", or "input" when the user does). Local.
void compare(const theory::LawPtr& law, const std::string& source, Report& report);

} // namespace cascade::app
