#pragma once
// Input files by their names: what a mistyped one may have meant, and what the program's own inputs are about.

#include <filesystem>
#include <string>

namespace cascade::app {

/// The end of "FILE: no such file": the nearest name in the same folder, or what is there. Local.
std::string hint_for_missing(const std::filesystem::path& file);

/// A line for each input of a folder, its name and the first sentence of its first comment; empty where there is none.
/// Local.
std::string list_of_inputs(const std::filesystem::path& folder);

} // namespace cascade::app
