#pragma once
// Input files by their names: what a mistyped one may have meant, and what the program's own inputs are about.

#include <filesystem>
#include <string>
#include <vector>

namespace cascade::app {

/// The end of "FILE: no such file": the nearest name in the same folder, or what is there. Local.
std::string hint_for_missing(const std::filesystem::path& file);

/// A line for each input of a folder, its name and the first sentence of its first comment; empty where there is none.
/// Local.
std::string list_of_inputs(const std::filesystem::path& folder);

/// Where the inputs are that came with the program: $CASCADE_INPUTS where it is set; else, seen from the program
/// itself, where it was installed to or the source folder of its build. Empty where there are none. Local.
std::filesystem::path shipped_inputs();

/// Their names without the ending, sorted.
std::vector<std::string> shipped_input_names();

/// The path of an input by what somebody called it: a path, or where no such file exists the name of a shipped input,
/// with or without its ending. Anything else comes back as it is. Local.
std::string find_input_file(const std::string& called);

/// As list_of_inputs, by the names that find_input_file() knows; empty where these are the inputs in `folder` itself.
std::string list_of_shipped_inputs(const std::filesystem::path& folder);

} // namespace cascade::app
