#pragma once
// Exit codes and the one exception type of the program.

#include <stdexcept>
#include <string>

namespace cascade::core {

/// Process exit codes: stable, below 126, the same on every rank, printed by --help.
enum class ExitCode : int {
  complete = 0,          ///< all checks within tolerance
  internal_failure = 1,  ///< a library or the program itself failed
  bad_input = 2,         ///< input file or command line; every error found is listed
  refused = 3,           ///< output exists, is locked or not writable
  io_failure = 4,        ///< disk full, corrupt or truncated file
  numerical_failure = 5, ///< NaN or blow-up
  check_failed = 6,      ///< complete, but a declared check is out of tolerance
  stopped = 75           ///< stopped early with a valid checkpoint: resume
};

/// An error a user can act upon. The message says what is wrong and what to do; `code` becomes the exit code.
class Error : public std::runtime_error {
public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const noexcept { return code_; }

private:
  ExitCode code_;
};

} // namespace cascade::core
