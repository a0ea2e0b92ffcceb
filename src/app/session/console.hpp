#pragma once
// The words on the terminal: answers, the verdict, the last line.

#include "app/report/report.hpp"
#include "app/session/session.hpp"
#include "core/ranks/outcome.hpp"
#include "core/talk/errors.hpp"

#include <string>

namespace cascade::app {

/// Prints rank 0's text, the whole answer of --help, --list, --describe, --version and --dry-run. Throws
/// core::Error(io_failure) when standard output takes no more. Collective.
core::ExitCode answer(const std::string& text, const Session& session);

/// The answer of a run: verdict, checks, warnings.
std::string summary(const Report& report, bool colour);

/// Prints the summary unless --quiet, and gives the report's exit code. Collective.
core::ExitCode say(const Report& report, const Session& session);

/// Prints the error once (rank 0, standard error) and the last line: exit code, its meaning, where the results are.
/// --quiet leaves only errors. Returns the process's exit code. Local.
int conclude(const core::Outcome& outcome, const Session& session);

} // namespace cascade::app
