#pragma once
// Places to write in tests: a directory that goes away, a disk that is too small, a process that may not write much.

#include "core/ranks/communicator.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace cascade::test {

namespace fs = std::filesystem;

/// A fresh directory, the same on all ranks, removed at the end. Collective constructor and destructor.
class Scratch {
public:
  explicit Scratch(const core::Communicator& communicator) : communicator_(communicator) {
    std::string name;
    if (communicator.rank() == 0) {
      std::string pattern = (fs::temp_directory_path() / "cascade-test-XXXXXX").string();
      name = ::mkdtemp(pattern.data()) != nullptr ? pattern : "";
    }
    path_ = communicator.broadcast(name, 0);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    communicator_.barrier();
    std::error_code ignored;
    if (communicator_.rank() == 0)
      fs::remove_all(path_, ignored);
    communicator_.barrier();
  }
  const fs::path& path() const { return path_; }

private:
  const core::Communicator& communicator_;
  fs::path path_;
};

/// A tmpfs of a few pages on `where`, mounted by rank 0. mounted() is false, on all ranks, where that is not allowed.
class SmallDisk {
public:
  SmallDisk(const fs::path& where, const std::string& size, const core::Communicator& communicator)
      : where_(where), communicator_(communicator) {
    std::string state = "no";
    if (communicator.rank() == 0) {
      fs::create_directories(where);
      if (::mount("tmpfs", where.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0)
        state = "yes";
    }
    mounted_ = communicator.broadcast(state, 0) == "yes";
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    communicator_.barrier();
    if (mounted_ && communicator_.rank() == 0)
      ::umount2(where_.c_str(), MNT_DETACH);
    communicator_.barrier();
  }
  bool mounted() const { return mounted_; }

private:
  fs::path where_;
  const core::Communicator& communicator_;
  bool mounted_ = false;
};

/// While alive, no file of this process may grow beyond `bytes`: writing fails with EFBIG, for root too.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    struct rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

private:
  struct rlimit before_ {};
  void (*handler_)(int);
};

/// Names in a directory, hidden ones too, sorted.
inline std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

inline std::string read_all(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The same as rank 0 sees it once all ranks are here, told to all: no rank looks while another goes on. Collective.
inline std::vector<std::string> names_in(const fs::path& directory, const core::Communicator& communicator) {
  communicator.barrier();
  std::string joined;
  if (communicator.rank() == 0)
    for (const std::string& name : names_in(directory))
      joined += name + "\n";
  std::istringstream lines(communicator.broadcast(joined, 0));
  std::vector<std::string> names;
  for (std::string name; std::getline(lines, name);)
    names.push_back(name);
  return names;
}

inline std::string read_all(const fs::path& file, const core::Communicator& communicator) {
  communicator.barrier();
  return communicator.broadcast(communicator.rank() == 0 ? read_all(file) : std::string(), 0);
}

} // namespace cascade::test
