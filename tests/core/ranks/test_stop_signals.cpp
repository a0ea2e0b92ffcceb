// A signal is remembered; work that does not heed it is ended, but not while files take their places.
#include "core/ranks/stop_signals.hpp"

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using cascade::core::StopSignals;

namespace {

/// The exit code of a process that does this, or minus the signal it died of.
int end_of(void (*body)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGTERM, SIG_DFL);
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGUSR1, SIG_DFL);
    ::alarm(30); // none of these may hang
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

[[noreturn]] void work_for_ever() {
  for (;;)
    ::pause();
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

TEST_CASE("a request that is sent twice is one request, and one after the watch ends the process") {
  CHECK(end_of([] {
          const StopSignals watch;
          for (const int signal : {SIGTERM, SIGTERM, SIGUSR1, SIGUSR1, SIGINT, SIGINT})
            std::raise(signal);
        }) == 0);
  CHECK(end_of([] {
          { const StopSignals watch; }
          std::raise(SIGUSR1);
        }) == -SIGUSR1);
  CHECK(end_of([] {
          {
            const StopSignals watch(1);
            std::raise(SIGTERM);
          }
          ::sleep(2);
        }) == 0);
}

TEST_CASE("work that does not look at the request is ended, at once for whoever asks again from the keyboard") {
  CHECK(end_of([] {
          const StopSignals watch(1);
          std::raise(SIGTERM);
          work_for_ever();
        }) == 75);
  CHECK(end_of([] {
          const StopSignals watch(25);
          std::raise(SIGINT);
          ::sleep(3);
          std::raise(SIGINT);
          ::_exit(1);
        }) == 75);
}

TEST_CASE("files that take their places are waited for, and the end is not disturbed") {
  CHECK(end_of([] {
          const StopSignals watch(1);
          std::raise(SIGTERM);
          const StopSignals::Holding holding;
          for (int left = 3; left > 0;)
            left = static_cast<int>(::sleep(static_cast<unsigned>(left)));
          ::_exit(3);
        }) == 3);
  CHECK(end_of([] {
          const StopSignals watch(1);
          std::raise(SIGTERM);
          { const StopSignals::Holding holding; }
          work_for_ever();
        }) == 75);
  CHECK(end_of([] {
          StopSignals watch(1);
          std::raise(SIGTERM);
          watch.end();
          std::raise(SIGTERM);
          ::sleep(2);
        }) == 0);
}
