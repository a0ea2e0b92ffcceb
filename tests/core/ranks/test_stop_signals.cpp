// A first signal is remembered, a second one is deadly, and afterwards all is as before.
#include "core/ranks/stop_signals.hpp"

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using cascade::core::StopSignals;

namespace {

int died_of(void (*body)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

} // namespace

TEST_CASE("a signal is remembered until the next watch begins") {
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    const StopSignals watch;
    CHECK_FALSE(StopSignals::requested());
    std::raise(signal);
    CHECK(StopSignals::requested());
  }
  const StopSignals again;
  CHECK_FALSE(StopSignals::requested());
}

TEST_CASE("the second signal, and one after the watch, end the process") {
  CHECK(died_of([] {
          ::signal(SIGTERM, SIG_DFL);
          const StopSignals watch;
          std::raise(SIGTERM);
        }) == 0);
  CHECK(died_of([] {
          ::signal(SIGTERM, SIG_DFL);
          const StopSignals watch;
          std::raise(SIGTERM);
          std::raise(SIGTERM);
        }) == SIGTERM);
  CHECK(died_of([] {
          ::signal(SIGUSR1, SIG_DFL);
          { const StopSignals watch; }
          std::raise(SIGUSR1);
        }) == SIGUSR1);
}
