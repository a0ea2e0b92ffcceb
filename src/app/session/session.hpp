#pragma once
// What main() needs between its steps: reading for all ranks, and the words on the terminal.

#include "app/input/field_config.hpp"
#include "app/report/report.hpp"
#include "app/session/command_line.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/outcome.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/progress.hpp"

#include <string>

namespace cascade::app {

/// Rank 0 reads the input file; every rank gets its text, or throws the same error. Collective.
std::string read_everywhere(const CommandLine& line, const core::Communicator& communicator);

/// Prints the text on rank 0: the whole answer of --help, --list, --describe, --version and --dry-run. Throws
/// core::Error(io_failure) when standard output takes no more. Collective.
core::ExitCode answer(const std::string& text, const core::Communicator& communicator);

/// Folder of this run: --output, or output.directory/run.name.
std::string results_directory(const CommandLine& line, const RunConfig& config);

/// Disk space the run's files may take: the field if asked for, and the report.
std::int64_t expected_bytes(const RunConfig& config);

/// Rank 0 reports progress, unless --quiet; the others are silent.
core::Progress::Style progress_style(const CommandLine& line, const core::Communicator& communicator);

/// "2026-01-31T12:34:56Z", now.
std::string utc_now();

/// Fills in who ran what where, and the wall time since `clock` started (MPI-free seconds). Collective: host is rank
/// 0's.
void sign(Report& report, const RunConfig& config, const std::string& started, double wall_seconds,
          const core::Communicator& communicator);

/// What sign() writes of a configuration, whatever its task.
struct RunIdentity {
  std::string name, input_file, input_text, config_json;
};
void sign_run(Report& report, const RunIdentity& identity, std::uint64_t seed, const std::string& started,
              double wall_seconds, const core::Communicator& communicator);

/// The answer on the terminal: verdict, checks, warnings.
std::string summary(const Report& report, bool colour);

/// Prints the error once (rank 0, standard error) and the last line: exit code, its meaning, where the results are
/// (`directory` empty = none). --quiet leaves only errors. Returns the process's exit code. Local.
int conclude(const core::Outcome& outcome, const std::string& directory, bool quiet,
             const core::Communicator& communicator);

} // namespace cascade::app
