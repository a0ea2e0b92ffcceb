// The program, step by step. All steps are collective; an error in any of them ends in step 6, the same on every rank.

#include "app/reference/reference.hpp"
#include "app/session/console.hpp"
#include "app/tasks.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/shown.hpp"
#include "core/talk/terminal.hpp"

#include <csignal>

using namespace cascade;

namespace {

core::ExitCode run(int argc, char** argv, app::Session& session) {
  session.line = app::parse_command_line(argc, argv); // 2. what is asked
  if (session.line.question)
    return app::answer(app::reply(*session.line.question), session);

  const app::Input input = app::find_input(session);         // 3. the input, parsed
  const auto job = app::task_of(input).read(input, session); // 4. whose it is, and that it is sound
  if (session.line.dry_run)                                  // 5. what is to be done with it
    return app::answer(core::plain(job->plan(session)), session);
  session.input = input;
  session.topic = job->topic();
  app::greet(session);
  if (session.ranks.rank() == 0)
    core::StopSignals::announce(job->when_stopped());
  return session.line.merge.empty() ? job->run(session) : job->merge(session);
}

#ifdef __ELF__
/// Before the constructors of libraries, which take some milliseconds; what is earlier is the system's loader, and no
/// code of ours. What stands in this section runs first.
[[gnu::section(".preinit_array"), gnu::used]] void (*const listen_first)() = core::StopSignals::listen;
#endif

} // namespace

int main(int argc, char** argv) {
  core::StopSignals signals;     // from the first moment to the last
  std::signal(SIGPIPE, SIG_IGN); // a reader of ours that left (| head) is no reason to die
  const core::Terminal terminal = core::Terminal::look();
  core::Environment environment(argc, argv); // 1. MPI
  const core::Communicator world = core::Communicator::world(), guard = core::Communicator::world();
  app::Session session(world, terminal);
  const core::Outcome outcome =
      core::settle(guard, core::attempt([&] { return run(argc, argv, session); })); // 6. one end for all ranks
  signals.end();
  return app::conclude(outcome, session);
}
