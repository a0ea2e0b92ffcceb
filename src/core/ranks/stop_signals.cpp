#include "core/ranks/stop_signals.hpp"

#include <atomic>

namespace cascade::core {
namespace {

// A signal handler can reach nothing but static storage.
std::atomic<bool> asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void remember(int) {
  asked.store(true);
}

} // namespace

StopSignals::StopSignals() {
  asked.store(false);
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART); // the second signal of a kind is deadly again
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i)
    sigaction(signals[i], &action, &before_[i]);
}

void StopSignals::end() {
  ended_ = true;
  for (const int signal : signals)
    std::signal(signal, SIG_IGN);
}

StopSignals::~StopSignals() {
  if (ended_)
    return;
  for (std::size_t i = 0; i < signals.size(); ++i)
    sigaction(signals[i], &before_[i], nullptr);
}

bool StopSignals::requested() {
  return asked.load();
}

} // namespace cascade::core
