#pragma once
// The words on the terminal: the first lines, answers, the verdict, what to do next, the last line.

#include "app/report/report.hpp"
#include "app/session/session.hpp"
#include "core/ranks/outcome.hpp"
#include "core/talk/errors.hpp"

#include <string>

namespace cascade::app {

/// Prints rank 0's text, the whole answer of --help, --list, --describe, --version and --dry-run. Throws
/// core::Error(io_failure) when standard output takes no more. Collective.
core::ExitCode answer(const std::string& text, const Session& session);

/// Two lines: program and version; input, ranks, host (rank 0's) and start. Local.
std::string heading(const Session& session);

/// Prints them, unless --quiet: the first sign of life. Local; rank 0 speaks.
void greet(const Session& session);

/// The answer of a run: verdict, checks, warnings, in lines of at most so many columns.
std::string summary(const Report& report, bool colour, int columns = 80);

/// Text of run.log: what a terminal of 80 columns shows of this run up to its answer.
std::string run_log(const Session& session, const core::Progress& progress, const Report& report);

/// Where the page is, or the command that makes it, and two commands to try next. Local.
std::string next_steps(const Report& report, const Session& session);

/// Prints summary and next steps unless --quiet, and gives the report's exit code. Collective.
core::ExitCode say(const Report& report, const Session& session);

/// Prints the error once (rank 0, standard error) and the last line: exit code, its meaning, where the results are.
/// --quiet leaves only errors. Returns the process's exit code. Local.
int conclude(const core::Outcome& outcome, const Session& session);

} // namespace cascade::app
