// The program, step by step. All steps are collective; an error in any of them ends in step 10, the same on every rank.

#include "app/campaign/task.hpp"
#include "app/field/task.hpp"
#include "app/input/input_tree.hpp"
#include "app/plan/plan.hpp"
#include "app/scaling/task.hpp"
#include "app/session/command_line.hpp"
#include "app/session/session.hpp"

#include <string>

using namespace cascade;

namespace {

/// What step 10 must know of the run, however far it came.
struct Session {
  bool quiet = false;
  std::string results; ///< empty as long as there are none
};

core::ExitCode run(int argc, char** argv, const core::Communicator& world, Session& session) {
  const core::Stopwatch watch;
  const std::string started = app::utc_now();

  const app::CommandLine line = app::parse_command_line(argc, argv); // 2. what is asked
  session.quiet = line.quiet;
  if (line.answer)
    return app::answer(*line.answer, world);

  if (!line.merge.empty() && app::CampaignStore(line.merge.front()).begun())
    return app::merge_campaign(line, world, started, session.results);
  if (!line.merge.empty())
    return app::run_merge(line, started, watch, world, session.results); // of parts that were run before

  const std::string text = app::read_everywhere(line, world);
  if (app::task_of(line.file, text, line.settings) == "scaling_law") {
    if (line.resume || line.part)
      throw core::Error(core::ExitCode::bad_input, line.file + ": a scaling law is worked out in one go; leave " +
                                                       (line.part ? "--part" : "--resume") + " out");
    return app::run_scaling(line, text, world, started, session.results); // steps 3 to 9 of its own
  }
  if (app::is_campaign(line.file, text, line.settings))
    return app::run_campaign(line, text, world, started, session.results); // likewise, every case a run

  const app::RunConfig config = app::load_config(line.file, text, line.settings, line.check); // 3. the input, checked
  const app::RunPlan plan = app::make_plan(config, app::describe_machine(world)); // 4. what it will do and cost
  const std::string directory = app::results_directory(line, config);
  if (line.dry_run)
    return app::answer(app::to_text(plan, config, directory), world);

  return app::run_field(line, config, plan, directory, started, watch, world, session.results); // 5. to 9.
}

} // namespace

int main(int argc, char** argv) {
  core::Environment environment(argc, argv); // 1. MPI
  const core::Communicator world = core::Communicator::world(), guard = core::Communicator::world();
  Session session;
  const core::Outcome outcome =
      core::settle(guard, core::attempt([&] { return run(argc, argv, world, session); })); // 10. one end for all ranks
  return app::conclude(outcome, session.results, session.quiet, world);
}
