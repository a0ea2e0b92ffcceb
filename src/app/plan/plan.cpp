#include "app/plan/plan.hpp"

#include "app/input/subject.hpp"
#include "app/plan/fit.hpp"
#include "app/plan/stages.hpp"

#include <algorithm>
#include <iterator>

namespace cascade::app {
namespace {

/// As many groups as there are realisations for, of as few ranks as wished, or as hold a field.
void choose_groups(const RunConfig& config, RunPlan& plan) {
  const int ranks = plan.machine.ranks;
  int size = 1;
  if (plan.subject.dimensions > 1) {
    const auto fits_on = [&](int group) {
      return peak_bytes(grid_stages(config, plan, group)) <= plan.machine.bytes_per_rank();
    };
    if (config.run.group_size)
      size = static_cast<int>(std::min<std::int64_t>(*config.run.group_size, ranks));
    else if (plan.subject.realisations == 1)
      size = ranks;
    else
      while (size < ranks && !fits_on(size))
        size = std::min(2 * size, ranks);
  }
  plan.groups = static_cast<int>(std::min<std::int64_t>(ranks / size, plan.subject.realisations));
  plan.group_size = plan.subject.dimensions == 1 ? 1 : ranks / plan.groups;
}

} // namespace

RunPlan lay_out(const RunConfig& config, const Machine& machine) {
  RunPlan plan;
  plan.machine = machine;
  plan.subject = subject_of(config, *config.make_generator());
  const int dimensions = plan.subject.dimensions;
  if (plan.subject.points > 0) {
    plan.decomposition.emplace(plan.subject.grid(), dimensions == 1 ? 1 : machine.ranks);
    choose_groups(config, plan);
    const core::Decomposition grid(plan.decomposition->domain(), plan.group_size);
    plan.field_bytes_per_rank = analysis::extent_of(plan.subject, grid).field_bytes;
    plan.stages = grid_stages(config, plan, plan.group_size);
  }
  std::ranges::move(later_stages(config, plan), std::back_inserter(plan.stages));
  for (const PlanStage& s : plan.stages)
    plan.seconds += s.seconds;
  plan.peak_bytes_per_rank = peak_bytes(plan.stages);
  return plan;
}

RunPlan make_plan(const RunConfig& config, const Machine& machine) {
  RunPlan plan = lay_out(config, machine);
  require_fit(config, plan);
  return plan;
}

RunConfig resolved(RunConfig config, const RunPlan& plan) {
  const analysis::Sampling& c = plan.subject.sampling;
  if (c.levels == 0)
    return config;
  analysis::SamplingWish& decided = config.sampling.wish;
  if (c.pairs > 0)
    decided.pairs = c.pairs;
  decided.cells = c.cells;
  decided.scales = c.scales;
  if (c.points > 0)
    decided.cell_points = c.points;
  else
    decided.lattice = c.lattice;
  return config;
}

} // namespace cascade::app
