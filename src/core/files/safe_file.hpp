#pragma once
// Files that appear whole or not at all, also on a full disk or after a kill.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cascade::core {

/// Throws Error(io_failure) that names the call, the file, the system's reason for `error_number` and, when
/// `bytes_needed` > 0, the bytes needed and the bytes free on that file system.
[[noreturn]] void throw_system_error(std::string_view call, const std::filesystem::path& file, int error_number,
                                     std::int64_t bytes_needed = 0);

/// Bytes an unprivileged user may still write to the file system that holds `path` (its nearest existing parent).
std::int64_t free_bytes(const std::filesystem::path& path);

/// Writes all of `bytes` at `offset` of an open file; goes on after short writes and interruptions. Throws io_failure.
void write_fully(int descriptor, std::string_view bytes, std::int64_t offset, const std::filesystem::path& file);

/// fsync of an open file. Throws io_failure: data the disk refused late is a failed write.
void sync_file(int descriptor, const std::filesystem::path& file);

/// fsync of a directory, so that a rename or removal inside it survives a crash.
void sync_directory(const std::filesystem::path& directory);

/// What is in a directory, in no order; nothing when it cannot be read. Never throws.
std::vector<std::filesystem::path> list_directory(const std::filesystem::path& directory);

/// The unfinished version of `target`, a file `.NAME.partial` beside it (same file system, so that rename is atomic).
/// Removed by the destructor unless published. Local object: no call is collective. Two writers of one target must be
/// kept apart by a FileLock on the directory.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::filesystem::path& target);
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  const std::filesystem::path& target() const { return target_; }
  const std::filesystem::path& path() const { return path_; } ///< where the unfinished file is
  int descriptor() const { return descriptor_; }

  void reserve(std::int64_t bytes); ///< allocates disk blocks for that many bytes, or throws before a byte is written
  void write(std::string_view bytes, std::int64_t offset = 0);
  void sync();    ///< everything written so far is on the disk
  void publish(); ///< sync, close, rename to target, sync the directory; the file then exists whole

  static std::filesystem::path partial_name(const std::filesystem::path& target);

private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Writes `text` to `target` whole or not at all.
void write_text(const std::filesystem::path& target, std::string_view text);

} // namespace cascade::core
