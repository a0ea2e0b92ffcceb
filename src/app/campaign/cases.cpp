#include "app/campaign/cases.hpp"

#include "app/field/pipeline.hpp"
#include "app/session/console.hpp"
#include "app/store/output_files.hpp"
#include "core/files/file_lock.hpp"
#include "core/ranks/outcome.hpp"
#include "core/ranks/stop_signals.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <memory>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;

/// What one group needs to work on its cases.
struct Worker {
  const Campaign& campaign;
  const CampaignStore& store;
  const Session& session; ///< of the campaign
  const core::Communicator& group;
  const core::Communicator& guard; ///< of the same ranks, for settle() alone
  bool locks;                      ///< the file system has locks
  int index, count;                ///< of this group among the groups
};

/// True on all ranks if it is on one.
bool decided(const core::Communicator& group, bool mine) {
  std::array<std::int64_t, 1> answer{mine ? 1 : 0};
  group.max(std::span<std::int64_t>(answer));
  return answer[0] != 0;
}

/// Rank 0 takes the case unless it is finished or somebody else has it.
std::unique_ptr<core::FileLock> claim(const Worker& w, const std::string& name, std::size_t turn) {
  if (w.store.sealed(name) || (!w.locks && static_cast<int>(turn) % w.count != w.index))
    return nullptr;
  fs::create_directories(w.store.of_case(name));
  core::FileLock::require_own(w.store.of_case(name) / ".lock"); // else the case would seem to be in others' hands
  try {
    auto lock = std::make_unique<core::FileLock>(w.store.of_case(name) / ".lock");
    if (w.store.sealed(name)) // finished while we came
      return nullptr;
    return lock;
  } catch (const core::Error& error) {
    if (error.code() == core::ExitCode::refused)
      return nullptr;
    throw;
  }
}

core::ExitCode measure(const Worker& w, const CampaignCase& c, const RunPlan& plan) {
  Session session(w.group);
  session.started = w.session.started;
  session.input = c.config;
  core::Progress progress(core::Progress::Style::silent);
  PipelineResult result = run_pipeline(c.config, plan, w.group, progress);
  const RunConfig all = resolved(c.config, plan);
  sign(result.report, all, all.run, all.json(), session);
  write_outputs(result.report, result.field ? &*result.field : nullptr, w.store.of_case(c.sweep.name), w.group,
                {c.config.output.field, run_log(session, progress, result.report), c.config.generator});
  w.group.agree([&] {
    if (w.group.rank() == 0)
      w.store.seal(c);
  });
  return core::ExitCode::complete;
}

/// A case that was never ended, well or not: there is something to stop for.
bool unfinished(const Campaign& campaign, const CampaignStore& store, const Session& session) {
  const Part part = session.line.part.value_or(Part{});
  for (std::size_t i = 0; i < campaign.cases.size(); ++i) {
    const std::string& name = campaign.cases[i].sweep.name;
    if (part.has(i) && !store.sealed(name) && store.failure_of(name).first == 0)
      return true;
  }
  return false;
}

void run_case(const Worker& w, const CampaignCase& c, const RunPlan& plan) {
  const core::Stopwatch watch;
  const core::Outcome outcome = core::settle(w.guard, core::attempt([&] { return measure(w, c, plan); }));
  w.group.agree([&] { // a folder that takes no more must not leave the group waiting for its first rank
    if (w.group.rank() != 0)
      return;
    if (!outcome.message.empty())
      w.store.record_failure(c.sweep.name, static_cast<int>(outcome.code), outcome.message);
    if (!w.session.line.quiet) // one write: other groups write too
      std::cout << fmt::format("case {}/{} {}: {} in {}\n", w.store.count_sealed(w.campaign), w.campaign.cases.size(),
                               c.sweep.name, outcome.message.empty() ? "done" : "FAILED",
                               core::format_duration(watch.seconds()))
                << std::flush;
  });
}

void work(const Worker& w, const CampaignPhase& phase) {
  for (std::size_t turn = 0; turn < phase.cases.size(); ++turn) {
    if (decided(w.group, core::StopSignals::requested()))
      return;
    const PlannedCase& planned = phase.cases[turn];
    const CampaignCase& c = w.campaign.cases[planned.number];
    std::unique_ptr<core::FileLock> lock;
    w.group.agree([&] {
      if (w.group.rank() != 0)
        return;
      lock = claim(w, c.sweep.name, turn);
      std::error_code ignored;
      if (lock)
        fs::remove(w.store.of_case(c.sweep.name) / "failed.txt", ignored);
    });
    if (decided(w.group, lock != nullptr)) // rank 0 alone can have it
      run_case(w, c, planned.plan);
  }
}

} // namespace

void run_cases(const Campaign& campaign, const CampaignPlan& plan, const CampaignStore& store, const Session& session) {
  const core::Communicator& communicator = session.ranks;
  bool locks = false;
  communicator.agree([&] {
    if (communicator.rank() == 0)
      locks = core::FileLock(store.directory() / ".locks").protects();
  });
  locks = decided(communicator, locks);
  for (const CampaignPhase& phase : plan.phases) {
    const int index = communicator.rank() / phase.group_size, count = communicator.size() / phase.group_size;
    const core::Communicator group = communicator.split(index, communicator.rank());
    const core::Communicator guard = communicator.split(index, communicator.rank());
    core::Outcome outcome;
    if (index < count) // what is left over is too few for these cases
      outcome = core::attempt([&] {
        work({campaign, store, session, group, guard, locks, index, count}, phase);
        return core::ExitCode::complete;
      });
    communicator.agree([&] { // a group that cannot write stops the campaign, once the others have done what they had
      if (!outcome.message.empty())
        throw core::Error(outcome.code, outcome.message);
    });
    const bool stopped = decided(communicator, core::StopSignals::requested());
    communicator.agree([&] {
      if (stopped && communicator.rank() == 0 && unfinished(campaign, store, session))
        throw core::Error(core::ExitCode::stopped,
                          fmt::format("stopped on a signal, {} of {} cases are finished; --resume continues",
                                      store.count_sealed(campaign), campaign.cases.size()));
    });
  }
}

} // namespace cascade::app
