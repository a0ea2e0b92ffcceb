#pragma once
// Which groups of ranks run the cases, and in which order.

#include "app/campaign/config.hpp"
#include "app/plan/plan.hpp"
#include "app/plan/work_unit.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace cascade::app {

struct PlannedCase {
  std::size_t number = 0; ///< in the campaign
  RunPlan plan;           ///< on one group
};

/// Cases that need groups of one size. The ranks are split into groups of `group_size` (what is left over rests), which
/// take the cases one after the other, longest first.
struct CampaignPhase {
  int group_size = 1;
  std::vector<PlannedCase> cases;
};

struct CampaignPlan {
  Machine machine;
  std::vector<CampaignPhase> phases; ///< largest groups first
  double seconds = 0;                ///< rough, all cases, all groups busy
};

/// `part` has the cases k with k mod n = i - 1.
/// The group of a case: sweep.group_size, or the fewest ranks (1, 2, 4, ...) whose memory holds it, but not so few that
/// ranks have no case. Throws core::Error(bad_input) when a case does not fit on all ranks. Local arithmetic.
CampaignPlan plan_campaign(const Campaign& campaign, const Part& part, const Machine& machine);

/// What --dry-run prints.
std::string to_text(const CampaignPlan& plan, const Campaign& campaign, const std::string& directory);

} // namespace cascade::app
