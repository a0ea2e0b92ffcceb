#pragma once
// One run per output directory.

#include <filesystem>
#include <string>

namespace cascade::core {

/// Advisory lock (flock) on a small file that names its holder: host, process id, batch job and start time. Exclusive,
/// or shared: any number of shared holders, but none beside an exclusive one.
/// The kernel frees it when the holder dies, however it dies; a left-over file blocks nobody. Local object: one rank
/// holds it for the whole job. Throws Error(refused) naming the holder when somebody else has it.
class FileLock {
public:
  enum class Mode { exclusive, shared };
  explicit FileLock(const std::filesystem::path& path, Mode mode = Mode::exclusive);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock(); ///< removes the file (the last holder does), then frees the lock

  /// False where the file system has no locks (some parallel file systems): the run goes on unprotected, and says so.
  bool protects() const { return protects_; }

  /// Throws Error(refused) where something that is no lock of this program has its name: a link, a file of others, a
  /// folder. Makes and changes nothing. Local.
  static void require_own(const std::filesystem::path& path);

  /// Throws what the constructor would throw because of what is there; makes and changes nothing. Local.
  static void require_free(const std::filesystem::path& path, Mode mode = Mode::exclusive);

private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  bool shared_ = false;
  bool protects_ = true;
};

/// The exclusive lock, once nobody else has it: for work that takes a moment. Throws Error(refused) after ten seconds.
FileLock wait_for_lock(const std::filesystem::path& path);

/// "host NAME, process N, since 2025-01-31T12:00:00Z" (and the batch job's number inside one).
std::string describe_this_process();

/// Now, ISO 8601, UTC, seconds.
std::string utc_now();

} // namespace cascade::core
