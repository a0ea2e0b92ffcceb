#pragma once
// Input files of users, which may be pipes.

#include <cstddef>
#include <filesystem>
#include <string>

namespace cascade::core {

/// All of a file, or of a pipe, up to `largest` bytes. Throws Error(bad_input) that names it: not there, a directory,
/// not readable, larger, or a pipe to which nobody writes for `patience` seconds. Local.
std::string read_file(const std::filesystem::path& file, std::size_t largest, double patience = 10);

} // namespace cascade::core
