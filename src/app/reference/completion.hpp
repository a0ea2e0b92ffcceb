#pragma once
// Completion for the shell, from the tables that read the command line and the input.

#include <string>

namespace cascade::app {

/// --completion: a script that a shell sources. It completes options, keys of --set and --describe, the values of keys
/// that are words, and input files by path and by name. Throws core::Error(bad_input) for a shell other than bash.
/// Local.
std::string completion(const std::string& shell);

} // namespace cascade::app
