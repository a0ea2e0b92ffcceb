#pragma once
// The cases of a campaign on groups of ranks.

#include "app/campaign/plan.hpp"
#include "app/campaign/store.hpp"
#include "app/session/session.hpp"

namespace cascade::app {

/// Runs every case of the plan that is not sealed, each on its group of ranks. A group takes the next case nobody
/// works on (a lock in the case's folder says so, to other jobs in the same folder too); where the file system has no
/// locks, cases are dealt in turn. A case that fails leaves failed.txt and the others go on. After SIGTERM, SIGINT or
/// SIGUSR1 the cases at work are finished, then core::Error(stopped) is thrown. Collective.
void run_cases(const Campaign& campaign, const CampaignPlan& plan, const CampaignStore& store, const Session& session);

} // namespace cascade::app
