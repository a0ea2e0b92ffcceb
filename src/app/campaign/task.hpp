#pragma once
// A campaign, from the checked text to the last file.

#include "app/campaign/plan.hpp"
#include "app/campaign/report.hpp"
#include "app/campaign/store.hpp"
#include "app/session/command_line.hpp"
#include "core/ranks/communicator.hpp"
#include "core/talk/errors.hpp"

#include <string>

namespace cascade::app {

/// The steps of main() for an input with `sweep`: configuration, plan, place, cases, report, answer. `results` becomes
/// the folder once there are results in it. Collective.
core::ExitCode run_campaign(const CommandLine& line, const std::string& text, const core::Communicator& communicator,
                            const std::string& started, std::string& results);

/// cascade --merge DIR...: the report of a campaign whose cases are all in those folders, written into the first.
/// Throws core::Error(bad_input) with the missing cases. Collective.
core::ExitCode merge_campaign(const CommandLine& line, const core::Communicator& communicator,
                              const std::string& started, std::string& results);

/// Runs every case of the plan that is not sealed, each on its group of ranks. A group takes the next case nobody
/// works on (a lock in the case's folder says so, to other jobs in the same folder too); where the file system has no
/// locks, cases are dealt in turn. A case that fails leaves failed.txt and the others go on. After SIGTERM, SIGINT or
/// SIGUSR1 the cases at work are finished, then core::Error(stopped) is thrown. Collective.
void run_cases(const Campaign& campaign, const CampaignPlan& plan, const CampaignStore& store,
               const std::string& started, bool quiet, const core::Communicator& communicator);

/// Reads the cases back and writes report.json, report.md and run.log of the campaign. Rank 0 reads and writes; the
/// exit code and what to say on the terminal are the same on every rank. Collective.
CampaignReport conclude_campaign(const Campaign& campaign, const CampaignStore& store, const std::string& started,
                                 double wall_seconds, const core::Communicator& communicator);

} // namespace cascade::app
