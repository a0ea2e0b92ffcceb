#pragma once
// The verdict of a report, in plain sentences.

#include "app/report/report.hpp"

#include <string>

namespace cascade::app {

/// The plain answer (answering.hpp), for every loss power the numbers behind it, then how many measured exponents agree
/// with their law. Reads answer, results and hypotheses; says so where there is nothing to judge.
std::string headline(const Report& report);

} // namespace cascade::app
