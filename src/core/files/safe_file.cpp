#include "core/files/safe_file.hpp"

#include "core/talk/errors.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace cascade::core {

namespace fs = std::filesystem;

namespace {

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

} // namespace

std::int64_t free_bytes(const fs::path& path) {
  std::error_code ignored;
  fs::path existing = path;
  while (!existing.empty() && !fs::exists(existing, ignored))
    existing = existing == existing.parent_path() ? fs::path() : existing.parent_path();
  struct statvfs state {};
  if (::statvfs(existing.empty() ? "." : existing.c_str(), &state) != 0)
    throw_system_error("statvfs", path, errno);
  return static_cast<std::int64_t>(state.f_bavail) * static_cast<std::int64_t>(state.f_frsize);
}

void throw_system_error(std::string_view call, const fs::path& file, int error_number, std::int64_t bytes_needed) {
  std::string message = fmt::format("{}: {}: {}", file.string(), call, std::generic_category().message(error_number));
  struct statvfs state {};
  if (bytes_needed > 0 && ::statvfs(parent_of(file).c_str(), &state) == 0)
    message += fmt::format(" ({} bytes needed, {} bytes free)", bytes_needed,
                           static_cast<std::int64_t>(state.f_bavail) * static_cast<std::int64_t>(state.f_frsize));
  throw Error(ExitCode::io_failure, message);
}

void write_fully(int descriptor, std::string_view bytes, std::int64_t offset, const fs::path& file) {
  constexpr std::size_t largest = std::size_t{1} << 30; // Linux moves at most 2^31 - 4096 bytes a call
  std::size_t done = 0;
  while (done < bytes.size()) {
    const std::size_t count = std::min(bytes.size() - done, largest);
    const ssize_t written =
        ::pwrite(descriptor, bytes.data() + done, count, static_cast<off_t>(offset) + static_cast<off_t>(done));
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) // a zero return for a non-empty write would loop for ever
      throw_system_error("write", file, written < 0 ? errno : ENOSPC, static_cast<std::int64_t>(bytes.size() - done));
    done += static_cast<std::size_t>(written);
  }
}

void sync_file(int descriptor, const fs::path& file) {
  int result = 0;
  do
    result = ::fsync(descriptor);
  while (result != 0 && errno == EINTR);
  if (result != 0)
    throw_system_error("fsync", file, errno);
}

void sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    throw_system_error("open", directory, errno);
  const int result = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  if (result != 0 && reason != EINVAL && reason != ENOTSUP) // some network file systems cannot sync a directory
    throw_system_error("fsync", directory, reason);
}

fs::path TemporaryFile::partial_name(const fs::path& target) {
  return parent_of(target) / fmt::format(".{}.partial", target.filename().string());
}

std::vector<std::filesystem::path> list_directory(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> entries;
  std::error_code failure;
  for (std::filesystem::directory_iterator it(directory, failure), end; !failure && it != end; it.increment(failure))
    entries.push_back(it->path());
  return entries;
}

TemporaryFile::TemporaryFile(const fs::path& target) : target_(target), path_(partial_name(target)) {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) // never through a link, never into a file of two names
    throw_system_error("unlink", path_, errno);
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw_system_error("open", path_, errno);
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, fs::path())),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
  if (!path_.empty())
    ::unlink(path_.c_str());
}

void TemporaryFile::reserve(std::int64_t bytes) {
  int reason = 0;
  do
    reason = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
  while (reason == EINTR);
  if (reason != 0)
    throw_system_error("posix_fallocate", target_, reason, bytes);
}

void TemporaryFile::write(std::string_view bytes, std::int64_t offset) {
  write_fully(descriptor_, bytes, offset, target_);
}

void TemporaryFile::sync() {
  sync_file(descriptor_, target_);
}

void TemporaryFile::publish() {
  sync();
  if (::close(std::exchange(descriptor_, -1)) != 0)
    throw_system_error("close", target_, errno);
  if (::rename(path_.c_str(), target_.c_str()) != 0)
    throw_system_error("rename", target_, errno);
  path_.clear();
  sync_directory(parent_of(target_));
}

void write_text(const fs::path& target, std::string_view text) {
  TemporaryFile file(target);
  file.write(text);
  file.publish();
}

} // namespace cascade::core
