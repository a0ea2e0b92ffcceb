#pragma once
// A run that measures a field, from the plan to the last file: whole, in parts, or merged from parts.

#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "app/session/command_line.hpp"
#include "core/ranks/communicator.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/progress.hpp"

#include <string>

namespace cascade::app {

/// Steps 5 to 9 of main(): place, measuring and fits, files, answer. With --part only the units of that part are
/// measured and kept. `results` becomes the folder once there are results in it. Collective.
core::ExitCode run_field(const CommandLine& line, const RunConfig& config, const RunPlan& plan,
                         const std::string& directory, const std::string& started, const core::Stopwatch& watch,
                         const core::Communicator& communicator, std::string& results);

/// cascade --merge DIR...: the report of a run whose units are all in those folders, written into the first. The input
/// is the one kept with the units. Throws core::Error(bad_input) with the missing units and how to make them.
/// Collective.
core::ExitCode run_merge(const CommandLine& line, const std::string& started, const core::Stopwatch& watch,
                         const core::Communicator& communicator, std::string& results);

} // namespace cascade::app
