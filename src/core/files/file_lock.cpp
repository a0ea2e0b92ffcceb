#include "core/files/file_lock.hpp"

#include "core/files/safe_file.hpp"
#include "core/talk/errors.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <utility>

namespace cascade::core {

namespace {

std::string read_holder(int descriptor) {
  std::array<char, 512> text{};
  const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
  std::string holder = count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : "an unnamed process";
  while (!holder.empty() && holder.back() == '\n')
    holder.pop_back();
  return holder;
}

/// The previous holder may have removed the file between our open and our flock: then we locked a file nobody sees.
bool still_linked(int descriptor, const std::filesystem::path& path) {
  struct stat mine {
  }, seen{};
  return ::fstat(descriptor, &mine) == 0 && ::stat(path.c_str(), &seen) == 0 && mine.st_ino == seen.st_ino &&
         mine.st_dev == seen.st_dev;
}

/// What is truncated is a lock of ours: a file of one name that says nothing, or names a holder.
void require_own_lock(int descriptor, const std::filesystem::path& path) {
  struct stat state {};
  const bool plain = ::fstat(descriptor, &state) == 0 && S_ISREG(state.st_mode) && state.st_nlink <= 1;
  if (!plain || (state.st_size > 0 && !read_holder(descriptor).starts_with("host ")))
    throw Error(ExitCode::refused,
                path.string() + ": is not a lock of this program. Remove it, or choose another --output.");
}

[[noreturn]] void refuse_link(const std::filesystem::path& path) {
  throw Error(ExitCode::refused,
              path.string() + ": is a symbolic link, and no lock of ours. Remove it, or choose another --output.");
}

[[noreturn]] void refuse_held(const std::filesystem::path& path, const std::string& holder) {
  throw Error(ExitCode::refused, fmt::format("{}: another run is writing here ({}). Wait for it, or choose another "
                                             "--output.",
                                             path.parent_path().string(), holder));
}

bool locks_unsupported(int reason) {
  return reason == ENOSYS || reason == ENOTSUP || reason == ENOLCK || reason == EINVAL;
}

} // namespace

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string describe_this_process() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0)
    host[0] = '?';
  std::string job;
  for (const char* name : {"SLURM_JOB_ID", "PBS_JOBID", "JOB_ID"})
    if (const char* value = std::getenv(name); value != nullptr && job.empty())
      job = fmt::format(", batch job {}", value);
  return fmt::format("host {}, process {}{}, since {}", host.data(), ::getpid(), job, utc_now());
}

void FileLock::require_own(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0 && errno == ELOOP)
    refuse_link(path);
  if (descriptor < 0) // none, or none that can be read: the constructor says so
    return;
  try {
    require_own_lock(descriptor, path);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
}

void FileLock::require_free(const std::filesystem::path& path, Mode mode) {
  require_own(path);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0 && errno == ELOOP)
    refuse_link(path);
  if (descriptor < 0) // none, or none that can be read: nobody is known to hold it
    return;
  const bool held =
      ::flock(descriptor, (mode == Mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const std::string holder = held ? read_holder(descriptor) : "";
  ::close(descriptor);
  if (held)
    refuse_held(path, holder);
}

FileLock::FileLock(const std::filesystem::path& path, Mode mode) : path_(path), shared_(mode == Mode::shared) {
  for (;;) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (descriptor_ < 0 && errno == ELOOP)
      refuse_link(path);
    if (descriptor_ < 0)
      throw_system_error("open", path, errno);
    if (::flock(descriptor_, (shared_ ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
      const int reason = errno;
      if (reason == EINTR) {
        ::close(std::exchange(descriptor_, -1));
        continue;
      }
      protects_ = !locks_unsupported(reason);
      if (!protects_)
        break;
      const std::string holder = read_holder(descriptor_);
      ::close(std::exchange(descriptor_, -1));
      if (reason != EWOULDBLOCK)
        throw_system_error("flock", path, reason);
      refuse_held(path, holder);
    }
    if (still_linked(descriptor_, path))
      break;
    ::close(std::exchange(descriptor_, -1));
  }
  try {
    require_own_lock(descriptor_, path);
    if (::ftruncate(descriptor_, 0) != 0)
      throw_system_error("ftruncate", path, errno);
    write_fully(descriptor_, describe_this_process() + "\n", 0, path);
  } catch (...) {
    ::close(std::exchange(descriptor_, -1));
    throw;
  }
}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::exchange(other.path_, std::filesystem::path())), descriptor_(std::exchange(other.descriptor_, -1)),
      shared_(other.shared_), protects_(other.protects_) {}

FileLock::~FileLock() {
  if (descriptor_ < 0)
    return;
  if (!shared_ || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) // nobody else holds it
    ::unlink(path_.c_str()); // while still holding it: a waiting open then finds its file unlinked and tries again
  ::close(descriptor_);
}

FileLock wait_for_lock(const std::filesystem::path& path) {
  for (int tries = 0;; ++tries) {
    try {
      return FileLock(path);
    } catch (const Error& error) {
      if (error.code() != ExitCode::refused || tries > 1000)
        throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

} // namespace cascade::core
