#pragma once
// An input as every room gets it: read once by rank 0, parsed once by every rank, whatever its task.

#include "app/input/aliases.hpp"
#include "core/input/config_tree.hpp"
#include "core/input/diagnostics.hpp"
#include "core/input/parameters.hpp"
#include "core/ranks/communicator.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cascade::app {

/// What a user gave: from it alone a run can be taken up again. Every configuration is one, so that messages, reports
/// and kept units can name it.
struct InputSource {
  std::string input_file;              ///< as named by the user
  std::string input_text;              ///< as written
  std::vector<core::Setting> settings; ///< --set, in order
  bool checking = false;               ///< --check: the version shrunken by check.set, whose expectations are judged

  /// Whether the input was made for a file of data that was named in its place (bare_files.hpp).
  bool made() const;

  /// "cascade FILE --set k=v --check MODE --output FOLDER": what would make more of the same run.
  std::string command(const std::string& mode, const std::string& folder, const std::string& program = "cascade") const;
};

/// Plain value, the same on every rank.
struct Input : InputSource {
  core::ConfigNode root; ///< the text, parsed; nothing of `settings` is in it
};

/// Throws core::Error(bad_input) with the places of what is no input at all. Local.
Input parse_input(InputSource source);

/// The file's text. Throws core::Error(bad_input) with the system's reason (missing, a directory, unreadable, too big).
/// Local.
std::string read_input_file(const std::string& file);

/// Rank 0 reads source.input_file, every rank parses the text, or throws the same error. Collective.
Input read_input(InputSource source, const core::Communicator& communicator);

/// What rank 0 has, on every rank. Collective.
InputSource broadcast(const InputSource& source, const core::Communicator& communicator);

/// A key at the top of the input, --set over the file; absent when neither has it. What is wrong with its value is not
/// said here: who reads the key does. Local.
std::optional<core::ConfigEntry> written(const Input& input, const std::string& key);

/// Assigns settings in the tree, each key once. Those of the command line get its name as their position.
void apply_settings(core::ConfigNode& root, const std::vector<core::Setting>& settings, bool from_command_line,
                    core::Diagnostics& diagnostics);

/// Takes a section or key at the top out of the tree.
void remove_key(core::ConfigNode& root, const std::string& key);

/// A name that can be a folder's, from the input file's.
std::string default_name(const std::string& file);

/// One configuration from an input by `read(tree, diagnostics)`, which applies --set to the tree and reads it. Later
/// sources win: defaults, file, check.set (when checking), --set. The shrunken version must be sound even when it is
/// not run, so that it is read whenever there is one. Throws core::Error(bad_input) with every problem, one a line.
/// Local; deterministic, so all ranks agree without a word.
template <class Read>
auto read_checked(const Input& input, const Read& read) {
  const auto version = [&](const std::vector<core::Setting>& shrinking) {
    core::Diagnostics diagnostics;
    core::ConfigNode tree = input.root;
    adopt_aliases(tree, diagnostics); // settings then find the one place
    apply_settings(tree, shrinking, false, diagnostics);
    auto config = read(std::move(tree), diagnostics);
    diagnostics.throw_if_any();
    static_cast<InputSource&>(config) = input;
    return config;
  };
  auto config = version({});
  if (input.checking || !config.check.set.empty()) {
    auto shrunken = version(config.check.set);
    if (input.checking)
      return shrunken;
  }
  return config;
}

} // namespace cascade::app
