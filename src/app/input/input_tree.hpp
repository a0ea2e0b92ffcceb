#pragma once
// What reading an input has in common, whatever its task.

#include "core/input/config_tree.hpp"
#include "core/input/diagnostics.hpp"
#include "core/input/parameters.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// Assigns settings in the tree, each key once. Those of the command line get its name as their position.
void apply_settings(core::ConfigNode& root, const std::vector<core::Setting>& settings, bool from_command_line,
                    core::Diagnostics& diagnostics);

/// A name that can be a folder's, from the input file's.
std::string default_name(const std::string& file);

/// The key `task` of an input, --set over the file; "field" when neither has it or the text cannot be parsed (the
/// reader of fields then says why).
std::string task_of(const std::string& file, const std::string& text, const std::vector<core::Setting>& settings);

} // namespace cascade::app
