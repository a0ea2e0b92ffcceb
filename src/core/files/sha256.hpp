#pragma once
// Checksums that users can check without this program.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cascade::core {

/// SHA-256 of all bytes given, as 64 hex digits (FIPS 180-4, 2015, section 6.2).
std::string sha256(std::string_view bytes);

/// The same of a file, read in pieces. Throws Error(io_failure) with the path when it cannot be read. Local.
std::string sha256_of_file(const std::filesystem::path& file);

/// Name of the file of checksums beside a result: lines "DIGEST  NAME", as `sha256sum -c` reads them.
inline constexpr const char* checksum_file_name = "checksums.sha256";

/// One such line.
std::string checksum_line(const std::string& digest, const std::string& name);

/// What is wrong with the files a folder's checksums.sha256 names: empty when they are as they were written. `required`
/// must be among them; names that lead out of the folder are refused. Local, never throws core::Error: a file that
/// cannot be read is one of the answers.
std::string checksum_damage(const std::filesystem::path& folder, const std::vector<std::string>& required);

} // namespace cascade::core
