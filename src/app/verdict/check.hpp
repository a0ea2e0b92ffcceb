#pragma once
// An input as a test.

#include "app/input/sections.hpp"
#include "app/report/report.hpp"

namespace cascade::app {

/// Judges the expectations of a check: |measured - value| <= tolerance for the result with that id (value defaults to
/// the result's own prediction). Adds one Check per expectation; an id the report lacks, or a value that is not finite,
/// fails, with a warning that says which ids there are. exit_code becomes 6 if one fails and the run was complete.
/// Local.
void judge(const CheckSection& check, Report& report);

} // namespace cascade::app
