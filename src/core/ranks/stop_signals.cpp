#include "core/ranks/stop_signals.hpp"

#include "core/talk/errors.hpp"

#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace cascade::core {
namespace {

// A signal handler can reach nothing but static storage, and call nothing but what POSIX lists (signal-safety(7)).
std::atomic<bool> asked{false}, listening{false};
std::atomic<int> holders{0};
std::atomic<const char*> kept{nullptr};
std::atomic<unsigned> grace{StopSignals::patience};
std::atomic<time_t> asked_at{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<const char*>::is_always_lock_free && std::atomic<time_t>::is_always_lock_free);

time_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec;
}

void say(const char* text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text)); // nobody left to be told
}

void give_up() {
  if (holders.load() > 0) {
    ::alarm(1); // until the files are in place
    return;
  }
  if (const char* words = kept.load()) {
    say("cascade: exit code 75: stopped early; ");
    say(words);
    say("\n");
  }
  ::_exit(static_cast<int>(ExitCode::stopped));
}

void heed(int signal) {
  const int error = errno;
  if (signal == SIGALRM) {
    give_up();
  } else if (!asked.exchange(true)) {
    asked_at.store(now());
    if (const char* words = kept.load()) {
      say("\ncascade: asked to stop, ends within seconds; ");
      say(words);
      say("\n");
    }
    ::alarm(grace.load());
  } else if (signal == SIGINT && now() > asked_at.load() + 1) { // a launcher may double what the terminal sends
    give_up();
  }
  errno = error;
}

} // namespace

StopSignals::StopSignals(unsigned seconds) {
  if (!listening.exchange(false))
    asked.store(false);
  kept.store(nullptr);
  holders.store(0);
  grace.store(seconds);
  install(before_.data());
}

void StopSignals::listen() {
  listening.store(true);
  install(nullptr);
}

void StopSignals::install(struct sigaction* before) {
  struct sigaction action {};
  action.sa_handler = heed;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : signals)
    sigaddset(&action.sa_mask, signal); // one at a time
  for (std::size_t i = 0; i < signals.size(); ++i)
    sigaction(signals[i], &action, before != nullptr ? before + i : nullptr);
}

void StopSignals::end() {
  ended_ = true;
  for (const int signal : signals)
    std::signal(signal, SIG_IGN);
  ::alarm(0);
}

StopSignals::~StopSignals() {
  if (ended_)
    return;
  ::alarm(0);
  for (std::size_t i = 0; i < signals.size(); ++i)
    sigaction(signals[i], &before_[i], nullptr);
}

bool StopSignals::requested() {
  return asked.load();
}

void StopSignals::announce(const char* what_is_kept) {
  kept.store(what_is_kept);
}

void StopSignals::finish() {
  holders.fetch_add(1);
}

StopSignals::Holding::Holding() {
  holders.fetch_add(1);
}

StopSignals::Holding::~Holding() {
  holders.fetch_sub(1);
}

} // namespace cascade::core
