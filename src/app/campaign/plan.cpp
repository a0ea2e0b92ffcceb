#include "app/campaign/plan.hpp"

#include "app/plan/fit.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace cascade::app {
namespace {

/// The same share of its node for every rank, whatever the group: other groups work beside it.
Machine group_of(Machine machine, int group_size) {
  machine.ranks = group_size;
  return machine;
}

/// On the fewest ranks that hold the case, doubled from `at_least`; more ranks help against lack of memory alone.
RunPlan smallest_fitting(const CampaignCase& c, const Machine& machine, int at_least) {
  for (int size = at_least; size < machine.ranks; size = std::min(2 * size, machine.ranks))
    if (RunPlan plan = lay_out(c.config, group_of(machine, size)); fits(plan))
      return plan;
  return make_plan(c.config, group_of(machine, machine.ranks));
}

RunPlan plan_case(const Campaign& campaign, const CampaignCase& c, const Machine& machine, int cases) {
  try {
    if (campaign.sweep.group_size)
      return make_plan(c.config, group_of(machine, static_cast<int>(std::min<std::int64_t>(*campaign.sweep.group_size,
                                                                                           machine.ranks))));
    return smallest_fitting(c, machine, std::max(1, machine.ranks / std::max(cases, 1)));
  } catch (const core::Error& error) {
    throw core::Error(error.code(), fmt::format("{} (case {})", error.what(), c.sweep.name));
  }
}

} // namespace

CampaignPlan plan_campaign(const Campaign& campaign, const Part& part, const Machine& machine) {
  CampaignPlan plan;
  plan.machine = machine;
  int mine = 0;
  for (std::size_t i = 0; i < campaign.cases.size(); ++i)
    mine += part.has(i) ? 1 : 0;
  std::map<int, CampaignPhase, std::greater<>> phases;
  for (std::size_t i = 0; i < campaign.cases.size(); ++i) {
    if (!part.has(i))
      continue;
    PlannedCase planned{i, plan_case(campaign, campaign.cases[i], machine, mine)};
    const int size = planned.plan.machine.ranks;
    plan.seconds += planned.plan.seconds / std::max(1, machine.ranks / size);
    phases[size].group_size = size;
    phases[size].cases.push_back(std::move(planned));
  }
  for (auto& [size, phase] : phases) {
    std::stable_sort(phase.cases.begin(), phase.cases.end(),
                     [](const PlannedCase& a, const PlannedCase& b) { return a.plan.seconds > b.plan.seconds; });
    plan.phases.push_back(std::move(phase));
  }
  return plan;
}

std::string to_text(const CampaignPlan& plan, const Campaign& campaign, const std::string& directory) {
  std::string out = fmt::format("plan of campaign '{}': {} cases on {} ranks, seeds from {}\n", campaign.run.name,
                                campaign.cases.size(), plan.machine.ranks, campaign.run.seed);
  for (const CampaignPhase& phase : plan.phases) {
    out += fmt::format("  {} cases, groups of {} rank{}: {}, longest first\n", phase.cases.size(), phase.group_size,
                       phase.group_size == 1 ? "" : "s", plan.machine.ranks / phase.group_size);
    out += fmt::format("  {:<60} {:>8} {:>12} {:>12}\n", "case", "seed", "bytes a rank", "rough time");
    for (const PlannedCase& c : phase.cases)
      out += fmt::format("  {:<60} {:>8} {:>12} {:>12}\n", campaign.cases[c.number].sweep.name,
                         campaign.cases[c.number].config.run.seed, format_bytes(c.plan.peak_bytes_per_rank),
                         core::format_duration(c.plan.seconds));
  }
  std::int64_t peak = 0;
  for (const CampaignPhase& phase : plan.phases)
    for (const PlannedCase& c : phase.cases)
      peak = std::max(peak, c.plan.peak_bytes_per_rank);
  out += fmt::format("  memory: peak {} a rank; {} free on the tightest node ({})\n", format_bytes(peak),
                     format_bytes(plan.machine.node_bytes), plan.machine.memory_source);
  return out + fmt::format("  rough time {}; results {} (nothing was written)\n", core::format_duration(plan.seconds),
                           directory);
}

} // namespace cascade::app
