#pragma once
// A polite request to end, noticed between two pieces of work.

#include <array>
#include <csignal>

namespace cascade::core {

/// Made once, before anything else of the program. While it lives, SIGTERM, SIGINT and SIGUSR1 (which batch systems
/// send ahead of the time limit) are remembered rather than deadly; a second one ends the process as usual. What was
/// installed before comes back with the destructor, unless the end was declared first. A signal may reach some ranks
/// only: agree on requested() before acting upon it. One at a time. Local.
class StopSignals {
public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  static bool requested();
  /// The exit code stands: from now on these signals change nothing.
  void end();

private:
  static constexpr std::array<int, 3> signals = {SIGTERM, SIGINT, SIGUSR1};
  std::array<struct sigaction, signals.size()> before_;
  bool ended_ = false;
};

} // namespace cascade::core
