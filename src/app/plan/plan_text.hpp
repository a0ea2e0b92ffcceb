#pragma once
// A plan for people.

#include "app/plan/plan.hpp"

#include <string>

namespace cascade::app {

/// What --dry-run prints.
std::string to_text(const RunPlan& plan, const RunConfig& config, const std::string& directory);

} // namespace cascade::app
