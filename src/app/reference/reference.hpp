#pragma once
// What can be asked of the program: generators, keys, versions, manual page, completion.

#include "app/session/command_line.hpp"

#include <string>

namespace cascade::app {

/// The whole answer. Throws core::Error(bad_input) for a key that does not exist. Local.
std::string reply(const Question& question);

/// docs/input-reference.md, whole. A test compares it with the file.
std::string input_reference();

/// --describe: all keys, or those of a section, a dotted key, a generator, or all whose last word is this. Throws
/// core::Error(bad_input) for anything else.
std::string describe(const std::string& key);

/// --list: generators, tasks, studies and the inputs at hand, and what each is.
std::string list_names();

/// --version: version, commit, compiler and libraries.
std::string version_text();

} // namespace cascade::app
