#pragma once
// One call of the program: who asks for what, on which ranks, since when, and where the results are.

#include "app/input/input.hpp"
#include "app/input/sections.hpp"
#include "app/report/report.hpp"
#include "app/session/command_line.hpp"
#include "app/store/output_directory.hpp"
#include "core/files/file_lock.hpp"
#include "core/ranks/communicator.hpp"
#include "core/talk/progress.hpp"
#include "core/talk/terminal.hpp"

#include <string>

namespace cascade::app {

/// Made by main(), or for one case of a campaign and its group of ranks. The same on every rank but for the clock.
struct Session {
  explicit Session(const core::Communicator& all, const core::Terminal& where = {}) : ranks(all), terminal(where) {}

  const core::Communicator& ranks; ///< all that work on it
  core::Terminal terminal;         ///< as it was found before MPI started
  CommandLine line;
  InputSource input;     ///< what is worked on: the file of the command line, or what the folders of --merge keep
  std::string topic;     ///< a section of the input reference that explains more of it
  core::Stopwatch watch; ///< since the beginning
  std::string started = core::utc_now();
  std::string results; ///< folder; empty as long as there are no results in it
};

/// Folder of this run: --output, or output.directory/run.name.
std::string results_directory(const Session& session, const RunSection& run, const OutputSection& output);

/// What the command line means to do with what it finds in that folder.
OutputClaim claim_of(const CommandLine& line);

/// Rank 0 reports progress, unless --quiet; the others are silent.
core::Progress progress_of(const Session& session);

/// Of this rank. Local.
std::string host_name();

/// Fills in who ran what where and how long. Collective: the host is rank 0's.
void sign(Report& report, const InputSource& source, const RunSection& run, const std::string& config_json,
          const Session& session);

} // namespace cascade::app
