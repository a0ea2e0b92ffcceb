#pragma once
// Whether the files of a field are still the same.

#include <filesystem>
#include <string>
#include <vector>

namespace cascade::core {

/// "262144 bytes, checksum 0123456789abcdef": bytes of all files and FNV-1a of all of them in order, or, beyond 64 MiB
/// in all, "..., written 2026-01-31T12:00:00Z, checksum of pieces ...", of pieces spread evenly over each file and the
/// last time one was written. Reads at most that much. Throws Error(bad_input, io_failure). Local.
std::string fingerprint(const std::vector<std::filesystem::path>& files);

} // namespace cascade::core
