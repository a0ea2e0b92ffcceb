#include "app/plan/stages.hpp"

#include "app/report/slice.hpp"

#include <algorithm>
#include <optional>

namespace cascade::app {
namespace {

using analysis::Cost;
using analysis::View;
using core::MemoryParts;
using core::together;

constexpr const char* expectation_step = "exact expectations";

/// What a measurement takes on a view.
struct Priced {
  std::string step;
  Cost cost;
};

std::vector<Priced> prices(const RunConfig& config, const RunPlan& plan, const core::Decomposition* grid) {
  std::vector<Priced> all;
  for (const ChosenMeasurement& one : config.analysis.measured_on(plan.subject, grid))
    for (Cost& cost : one->cost(plan.subject, grid)) {
      std::string step =
          cost.step.empty() ? one.entry->step(plan.subject, grid != nullptr ? View::grid : View::points) : cost.step;
      all.push_back({std::move(step), std::move(cost)});
    }
  return all;
}

/// Of both views.
double table_bytes(const RunConfig& config, const RunPlan& plan) {
  double sum = 0;
  for (const core::Decomposition* grid : {plan.grid(), static_cast<const core::Decomposition*>(nullptr)})
    if (grid != nullptr || plan.subject.sampled())
      for (const Priced& one : prices(config, plan, grid))
        sum += one.cost.table_bytes;
  return sum;
}

/// There from the first step to the last.
MemoryParts always(const RunConfig& config, const RunPlan& plan) {
  return {{"program and libraries", static_cast<double>(plan.machine.base_bytes)},
          {"tables of all units", table_bytes(config, plan)}};
}

MemoryParts field_memory(const analysis::Subject& subject, const core::Decomposition& grid) {
  const analysis::GridExtent extent = analysis::extent_of(subject, grid);
  MemoryParts parts{{"field", static_cast<double>(extent.field_bytes)}};
  if (extent.activity_bytes > 0)
    parts.push_back({"activity of the field", extent.activity_bytes});
  return parts;
}

/// The last realisation, on all ranks, waits for the report; a line is drawn from its curves alone, and is there only
/// to be written.
MemoryParts last_field(const RunConfig& config, const RunPlan& plan) {
  if (!plan.decomposition || (plan.subject.dimensions == 1 && !config.output.field))
    return {};
  return field_memory(plan.subject, *plan.decomposition);
}

/// While the points are measured it is there where all ranks made it together.
bool last_field_waits(const RunPlan& plan) {
  return plan.groups == 1 || plan.subject.realisations % plan.groups != 0;
}

PlanStage stage(const std::string& name, MemoryParts memory, const Cost& cost = {}, int workers = 1) {
  const double bytes = core::total_bytes(memory);
  return {name, std::move(memory), core::whole_bytes(bytes), cost.work, cost.unit, cost.work / cost.rate / workers};
}

/// The slice as parts and gathered, its file as it is made and as bytes.
MemoryParts slice_memory(const RunPlan& plan) {
  if (!plan.decomposition || plan.subject.dimensions == 1)
    return {};
  constexpr double copies = 4;
  const double side = std::min(static_cast<double>(plan.subject.points), static_cast<double>(Slice::largest_side));
  return {{"slice of the field and its file", copies * sizeof(double) * side * side * (plan.subject.activity ? 2 : 1)}};
}

/// Time from the measurement that asks for them, memory from the generator that knows them.
std::optional<PlanStage> expectations(const RunConfig& config, const RunPlan& plan, const MemoryParts& there) {
  if (!plan.decomposition)
    return std::nullopt;
  const MemoryParts own =
      config.make_generator()->grid()->expectation_memory(*plan.decomposition, config.analysis.losses());
  Cost work;
  for (const Priced& one : prices(config, plan, plan.grid()))
    if (one.step == expectation_step)
      work = one.cost;
  if (own.empty() && work.unit.empty())
    return std::nullopt;
  return stage(expectation_step, together(there, own), work, plan.subject.dimensions == 1 ? 1 : plan.machine.ranks);
}

} // namespace

std::vector<PlanStage> grid_stages(const RunConfig& config, const RunPlan& plan, int size) {
  const core::Decomposition grid(plan.decomposition->domain(), size);
  const MemoryParts there = together(always(config, plan), field_memory(plan.subject, grid));
  const int workers = plan.subject.dimensions == 1 ? plan.groups : plan.machine.ranks;
  const Cost fill{{}, analysis::extent_of(plan.subject, grid).points, "points", analysis::rates::fill, {}, 0};
  std::vector<PlanStage> stages{
      stage(field_step, together(there, config.make_generator()->grid()->scratch_memory(grid)), fill, workers)};
  for (const Priced& one : prices(config, plan, &grid))
    if (one.step != expectation_step)
      stages.push_back(stage(one.step, together(there, one.cost.memory), one.cost, workers));
  return stages;
}

std::vector<PlanStage> later_stages(const RunConfig& config, const RunPlan& plan) {
  const MemoryParts program = always(config, plan), in_the_end = together(program, last_field(config, plan));
  std::vector<PlanStage> stages;
  if (plan.subject.sampled()) {
    const MemoryParts there =
        together(last_field_waits(plan) ? in_the_end : program, config.make_generator()->points()->sample_memory());
    const int workers = std::max(1, std::min(plan.machine.ranks, plan.subject.sampling.trees));
    for (const Priced& one : prices(config, plan, nullptr))
      stages.push_back(stage(one.step, together(there, one.cost.memory), one.cost, workers));
  }
  const MemoryParts& fitting = in_the_end; // the units' tables become those of the fits one by one
  if (config.analysis.any_asked())
    stages.push_back(stage("fits", fitting));
  if (std::optional<PlanStage> exact = expectations(config, plan, fitting))
    stages.push_back(std::move(*exact));
  stages.push_back(stage("report", together(fitting, slice_memory(plan))));
  return stages;
}

std::int64_t peak_bytes(const std::vector<PlanStage>& stages) {
  std::int64_t peak = 0;
  for (const PlanStage& s : stages)
    peak = std::max(peak, s.bytes_per_rank);
  return peak;
}

} // namespace cascade::app
