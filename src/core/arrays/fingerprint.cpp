#include "core/arrays/fingerprint.hpp"

#include "core/arrays/array_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fstream>

namespace cascade::core {
namespace {

constexpr std::uint64_t read_whole = std::uint64_t{1} << 26;
constexpr std::uint64_t largest_piece = std::uint64_t{1} << 20, smallest_piece = std::uint64_t{1} << 12;
constexpr std::uint64_t pieces = 64; ///< of all files together, and at least the two ends of each

/// FNV-1a of eight bytes at a time: a byte at a time costs more than reading them.
class Sum {
public:
  void add(const char* bytes, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
      std::uint64_t word = 0;
      for (std::size_t k = 0; k < 8; ++k)
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i + k])) << (8 * k);
      take(word);
    }
    for (; i < count; ++i)
      take(static_cast<unsigned char>(bytes[i]));
  }
  std::uint64_t value() const { return hash_; }

private:
  void take(std::uint64_t word) {
    hash_ = (hash_ ^ word) * 1099511628211U;
    hash_ ^= hash_ >> 32;
  }
  std::uint64_t hash_ = 14695981039346656037U;
};

struct Known {
  std::uint64_t bytes = 0;
  std::time_t written = 0;
};

Known look_at(const std::filesystem::path& file) {
  require_readable(file);
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    throw Error(ExitCode::io_failure, shown(file.string(), 400) + ": cannot be looked at");
  return {static_cast<std::uint64_t>(status.st_size), status.st_mtime};
}

void add_piece(std::ifstream& stream, const std::filesystem::path& file, std::uint64_t first, std::uint64_t count,
               std::vector<char>& buffer, Sum& sum) {
  stream.seekg(static_cast<std::streamoff>(first));
  while (count > 0) {
    const std::uint64_t now = std::min<std::uint64_t>(count, buffer.size());
    if (!stream.read(buffer.data(), static_cast<std::streamsize>(now)))
      throw Error(ExitCode::io_failure, shown(file.string(), 400) + ": ends early");
    sum.add(buffer.data(), static_cast<std::size_t>(now));
    count -= now;
  }
}

} // namespace

std::string fingerprint(const std::vector<std::filesystem::path>& files) {
  std::uint64_t bytes = 0;
  std::time_t written = 0;
  std::vector<Known> known;
  for (const auto& file : files) {
    known.push_back(look_at(file));
    bytes += known.back().bytes;
    written = std::max(written, known.back().written);
  }
  const bool whole = bytes <= read_whole;
  const std::uint64_t each = std::max<std::uint64_t>(2, pieces / std::max<std::uint64_t>(1, files.size()));
  const std::uint64_t piece = std::clamp<std::uint64_t>(read_whole / (each * std::max<std::uint64_t>(1, files.size())),
                                                        smallest_piece, largest_piece);
  std::vector<char> buffer(largest_piece);
  Sum sum;
  for (std::size_t f = 0; f < files.size(); ++f) {
    std::ifstream stream(files[f], std::ios::binary);
    const std::uint64_t size = known[f].bytes;
    if (whole || size <= each * piece) {
      add_piece(stream, files[f], 0, size, buffer, sum);
      continue;
    }
    for (std::uint64_t k = 0; k < each; ++k)
      add_piece(stream, files[f], (size - piece) / (each - 1) * k, piece, buffer, sum);
  }
  if (whole)
    return fmt::format("{} bytes, checksum {:016x}", bytes, sum.value());
  return fmt::format("{} bytes, written {:%Y-%m-%dT%H:%M:%SZ}, checksum of pieces {:016x}", bytes, fmt::gmtime(written),
                     sum.value());
}

} // namespace cascade::core
