#include "core/files/read_file.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

namespace cascade::core {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(ExitCode::bad_input, fmt::format("{}: {}", shown(file.string(), 400), why));
}

/// Opened without waiting: a pipe without a writer would hold up the open itself.
class OpenFile {
public:
  explicit OpenFile(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
    if (descriptor_ < 0)
      refuse(file, std::strerror(errno));
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(descriptor_); }
  int get() const { return descriptor_; }

private:
  int descriptor_;
};

} // namespace

std::string read_file(const std::filesystem::path& file, std::size_t largest, double patience) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (std::filesystem::is_directory(status))
    refuse(file, "is a directory; name a file, such as inputs/beta_d2.8.yaml");
  if (!std::filesystem::exists(status))
    refuse(file, error && error != std::errc::no_such_file_or_directory ? error.message() : "no such file");
  const std::string too_large = fmt::format("larger than {} bytes; is this an input file?", largest);
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(file, error) > largest)
    refuse(file, too_large);
  const OpenFile open(file);
  std::string text, piece(std::size_t{1} << 16, '\0');
  for (;;) {
    pollfd waiting{open.get(), POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::ceil(1000 * patience)));
    if (ready == 0)
      refuse(file,
             fmt::format("a pipe or device that gave nothing for {:g} seconds; does anybody write to it?", patience));
    const ssize_t count = ready < 0 ? -1 : ::read(open.get(), piece.data(), piece.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (count < 0)
      refuse(file, std::string("cannot be read: ") + std::strerror(errno));
    if (count == 0)
      return text;
    text.append(piece, 0, static_cast<std::size_t>(count));
    if (text.size() > largest)
      refuse(file, too_large);
  }
}

} // namespace cascade::core
