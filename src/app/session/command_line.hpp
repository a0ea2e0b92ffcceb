#pragma once
// The command line as a value.

#include "app/plan/work_unit.hpp"
#include "core/input/parameters.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// What can be asked of the program in place of a run.
struct Question {
  enum class Kind { help, version, list, describe, reference, manual, completion };
  Kind kind = Kind::help;
  std::string key; ///< of Kind::describe (empty: all keys); the shell of Kind::completion
};

struct CommandLine {
  std::string file;                    ///< empty when an action needs none
  std::vector<core::Setting> settings; ///< --set, in order
  std::optional<std::string> output;   ///< --output
  bool force = false;
  bool dry_run = false;
  bool check = false;
  bool quiet = false;
  bool resume = false;            ///< go on with a run that ended early
  std::optional<Part> part;       ///< --part i/n: only these units
  std::vector<std::string> merge; ///< --merge: the folders with finished units; no input file then
  std::string colour = "auto";
  std::optional<Question> question; ///< --help, --version, --list, --describe: to be answered, nothing else is done
};

/// Throws core::Error(bad_input) with one message for anything that cannot be understood. Local; prints nothing; the
/// same on every rank, since they all have the same arguments.
CommandLine parse_command_line(int argc, const char* const* argv);

/// --help.
std::string help_text();

/// One option, as documentation.
struct OptionDescription {
  std::string name;                 ///< "--set"
  std::string value;                ///< "KEY.PATH=VALUE"; empty: it takes none; in [brackets]: it may be left out
  std::string help;                 ///< without a full stop
  std::vector<std::string> allowed; ///< words, where the value is one of a few
};
/// All of them, in the order of --help.
std::vector<OptionDescription> option_descriptions();

/// The exit codes and their meanings; a command. Both as lines of --help.
std::string exit_codes_text();
std::string example_text();

} // namespace cascade::app
