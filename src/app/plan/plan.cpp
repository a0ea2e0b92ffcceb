#include "app/plan/plan.hpp"

#include "app/input/subject.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::View;

void add_stages(const RunConfig& config, const analysis::Subject& subject, const core::Decomposition* grid, int workers,
                std::vector<PlanStage>& stages) {
  for (const ChosenMeasurement& one : config.analysis.measured_on(subject, grid))
    for (const analysis::Cost& cost : one->cost(subject, grid)) {
      const std::string own = one.entry->step(subject, grid != nullptr ? View::grid : View::points);
      stages.push_back({cost.step.empty() ? own : cost.step, cost.bytes_per_rank, cost.work, cost.unit,
                        cost.work / cost.rate / workers});
    }
}

/// Stages of the grid for groups of `size` ranks, and what a field takes there.
std::int64_t plan_grid(const RunConfig& config, const RunPlan& plan, int size, std::vector<PlanStage>& stages) {
  const core::Decomposition grid(plan.decomposition->domain(), size);
  const analysis::GridExtent extent = analysis::extent_of(plan.subject, grid);
  const int workers = plan.subject.dimensions == 1 ? plan.groups : plan.machine.ranks;
  stages = {{field_step, extent.field_bytes + config.make_generator()->grid()->scratch_bytes(grid), extent.points,
             "points", extent.points / analysis::rates::fill / workers}};
  add_stages(config, plan.subject, &grid, workers, stages);
  return extent.field_bytes;
}

std::int64_t peak_bytes(const std::vector<PlanStage>& stages) {
  std::int64_t peak = 0;
  for (const PlanStage& s : stages)
    peak = std::max(peak, s.bytes_per_rank);
  return peak;
}

/// As many groups as there are realisations for, of as few ranks as wished, or as hold a field.
void choose_groups(const RunConfig& config, RunPlan& plan) {
  const int ranks = plan.machine.ranks;
  int size = 1;
  if (plan.subject.dimensions > 1) {
    std::vector<PlanStage> stages;
    const auto fits = [&] {
      plan_grid(config, plan, size, stages);
      return peak_bytes(stages) <= plan.machine.bytes_per_rank();
    };
    if (config.run.group_size)
      size = static_cast<int>(std::min<std::int64_t>(*config.run.group_size, ranks));
    else if (plan.subject.realisations == 1)
      size = ranks;
    else
      while (size < ranks && !fits())
        size = std::min(2 * size, ranks);
  }
  plan.groups = static_cast<int>(std::min<std::int64_t>(ranks / size, plan.subject.realisations));
  plan.group_size = plan.subject.dimensions == 1 ? 1 : ranks / plan.groups;
}

/// The largest power of two below `points` whose peak fits, or 0.
std::int64_t largest_fitting(std::int64_t points, int dimensions, double peak, double available) {
  for (std::int64_t n = std::int64_t{1} << static_cast<int>(std::log2(static_cast<double>(points))); n >= 8; n /= 2)
    if (peak * std::pow(static_cast<double>(n) / static_cast<double>(points), dimensions) <= available)
      return n;
  return 0;
}

void check_memory(const RunConfig& config, const RunPlan& plan) {
  const std::int64_t available = plan.machine.bytes_per_rank();
  if (plan.peak_bytes_per_rank <= available)
    return;
  if (plan.groups > 1 && config.run.group_size)
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("{}: run.group_size: a realisation on {} ranks needs {} a rank, {} are available "
                                  "({}); use larger groups, or leave run.group_size unset",
                                  config.input_file, plan.group_size, format_bytes(plan.peak_bytes_per_rank),
                                  format_bytes(available), plan.machine.memory_source));
  const std::int64_t points = plan.subject.points;
  const std::int64_t fits = largest_fitting(
      points, plan.subject.dimensions, static_cast<double>(plan.peak_bytes_per_rank), static_cast<double>(available));
  throw DoesNotFit(
      fmt::format("{}: field.points: {} points a side need {} a rank, {} are available ({}, {} ranks on this "
                  "node); allowed here: at most {}, or use more nodes",
                  config.points_position, points, format_bytes(plan.peak_bytes_per_rank), format_bytes(available),
                  plan.machine.memory_source, plan.machine.ranks_per_node, fits));
}

} // namespace

RunPlan make_plan(const RunConfig& config, const Machine& machine) {
  RunPlan plan;
  plan.machine = machine;
  plan.subject = subject_of(config, *config.make_generator());
  const int dimensions = plan.subject.dimensions;
  if (plan.subject.points > 0) {
    plan.decomposition.emplace(core::Domain(dimensions, plan.subject.points), dimensions == 1 ? 1 : machine.ranks);
    choose_groups(config, plan);
    plan.field_bytes_per_rank = plan_grid(config, plan, plan.group_size, plan.stages);
  }
  add_stages(config, plan.subject, nullptr, std::max(1, std::min(machine.ranks, plan.subject.sampling.trees)),
             plan.stages);
  for (const PlanStage& s : plan.stages)
    plan.seconds += s.seconds;
  plan.peak_bytes_per_rank = peak_bytes(plan.stages);
  check_memory(config, plan);
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
