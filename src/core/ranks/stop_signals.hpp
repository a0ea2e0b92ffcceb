#pragma once
// A polite request to end, noticed between two pieces of work, and within seconds where a piece is long.

#include <array>
#include <csignal>

namespace cascade::core {

/// Made once, before anything else of the program. While it lives, SIGTERM, SIGINT and SIGUSR1 (which batch systems
/// send ahead of the time limit) are remembered rather than deadly. Work that looks at requested() ends where nothing
/// is lost; where it has not ended after `patience` seconds the process does, with exit code 75: files have their
/// names only when they are whole, so that costs the piece of work in hand. A further SIGINT, from somebody who does
/// not want to wait, does that at once; further SIGTERM and SIGUSR1 are the same request (a batch system and its
/// script both send one). A signal may reach some ranks only: agree on requested() before acting upon it. What was
/// installed before comes back with the destructor, unless the end was declared first. One at a time. Local.
class StopSignals {
public:
  static constexpr unsigned patience = 8;

  explicit StopSignals(unsigned seconds = patience);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Installs the handlers for the object that is made next, which keeps what was asked until then. Touches nothing but
  /// static storage: may be called before constructors of libraries have run (app/main.cpp does).
  static void listen();

  static bool requested();
  /// What becomes of the work when the program is asked to end, one line: said on standard error at the request and
  /// with the exit code. A literal, or null: nothing is said. For the rank that speaks.
  static void announce(const char* what_is_kept);
  /// All is measured, and finishing is the right end now: a Holding that lasts until end().
  static void finish();
  /// The exit code stands: from now on these signals change nothing.
  void end();

  /// While one lives the program is not ended: finished files are taking their places. Local.
  class Holding {
  public:
    Holding();
    ~Holding();
    Holding(const Holding&) = delete;
    Holding& operator=(const Holding&) = delete;
  };

private:
  static constexpr std::array<int, 4> signals = {SIGTERM, SIGINT, SIGUSR1, SIGALRM};
  static void install(struct sigaction* before);
  std::array<struct sigaction, signals.size()> before_;
  bool ended_ = false;
};

} // namespace cascade::core
