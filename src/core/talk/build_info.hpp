#pragma once
// Who made an output: version, commit and libraries.

#include <string>
#include <utility>
#include <vector>

namespace cascade::core {

struct BuildInfo {
  std::string version;
  std::string git_commit; ///< 12 hex digits, or "unknown" outside a checkout
  bool git_dirty;         ///< tracked files differed from the commit when this was built
  std::string compiler;
  std::vector<std::pair<std::string, std::string>> libraries; ///< name -> version in use at run time where it can tell
  /// "0123456789ab" or "0123456789ab (modified)".
  std::string git() const;
};

/// Local; may be called before MPI is initialised.
BuildInfo build_info();

} // namespace cascade::core
