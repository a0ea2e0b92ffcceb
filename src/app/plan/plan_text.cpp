#include "app/plan/plan_text.hpp"

#include "app/plan/work_unit.hpp"
#include "core/talk/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <vector>

namespace cascade::app {
namespace {

std::string grid_text(const RunPlan& plan) {
  if (!plan.decomposition)
    return "none (field.points: 0)";
  const analysis::Subject& s = plan.subject;
  std::string points = fmt::format("{}^{}", s.points, s.dimensions);
  if (s.box && !s.box->cube()) {
    points.clear();
    for (int axis = s.box->first_axis(); axis < 3; ++axis)
      points += fmt::format("{}{}", points.empty() ? "" : " x ", s.box->points(axis));
  }
  return fmt::format("{} points, {} component{}: {} a realisation, {} on the largest rank", points, s.components,
                     s.components == 1 ? "" : "s",
                     format_bytes(plan.decomposition->domain().total_points() * 8 * s.components),
                     format_bytes(plan.field_bytes_per_rank));
}

std::string process_grid_text(const RunPlan& plan) {
  if (!plan.decomposition)
    return "not needed";
  const core::Decomposition grid(plan.decomposition->domain(), plan.group_size);
  return fmt::format("{} x {} ({})", grid.rows(), grid.columns(), grid.columns() == 1 ? "slabs" : "pencils");
}

std::string units_text(const std::vector<WorkUnit>& units) {
  const auto of = [&](analysis::View view) {
    return std::count_if(units.begin(), units.end(), [&](const WorkUnit& u) { return u.view == view; });
  };
  return fmt::format("{}: {} of the grid, {} of the point view; kept as they finish (--resume, --part)", units.size(),
                     of(analysis::View::grid), of(analysis::View::points));
}

std::string groups_text(const RunPlan& plan) {
  if (!plan.decomposition || plan.groups == 1)
    return "all ranks work on one thing at a time";
  const int largest = plan.subject.dimensions == 1 ? 1 : (plan.machine.ranks + plan.groups - 1) / plan.groups;
  const std::string size =
      largest == plan.group_size ? std::to_string(largest) : fmt::format("{} to {}", plan.group_size, largest);
  return fmt::format("{} groups of {} rank{}, each with realisations of its own; all together for the samples",
                     plan.groups, size, largest == 1 ? "" : "s");
}

std::string samples_text(const analysis::Sampling& s) {
  if (s.levels == 0)
    return "none (this generator has a grid view only)";
  if (s.points > 0)
    return fmt::format("{} levels; {} realisations x {} pairs, {} cells; scales 2^-1 to 2^-{}, {} random points a cell",
                       s.levels, s.trees, s.pairs, s.cells, s.scales, s.points);
  return fmt::format("{} levels (2^{} points a side); {} trees x {} pairs, {} cells; scales 2^-1 to 2^-{}, {} lattice "
                     "points a side",
                     s.levels, s.levels, s.trees, s.pairs, s.cells, s.scales, s.lattice);
}

std::string memory_text(const RunPlan& plan) {
  const std::string share =
      plan.field_bytes_per_rank > 0
          ? fmt::format(" ({:.2f} times its field)",
                        static_cast<double>(plan.peak_bytes_per_rank) / static_cast<double>(plan.field_bytes_per_rank))
          : "";
  return fmt::format("peak {} a rank{}; {} free on the tightest node ({})", format_bytes(plan.peak_bytes_per_rank),
                     share, format_bytes(plan.machine.node_bytes), plan.machine.memory_source);
}

std::string stages_text(const RunPlan& plan) {
  std::string out =
      fmt::format("  {:<30} {:>12} {:>10} {:<24} {:>12}\n", "stage", "bytes a rank", "work", "", "rough time");
  for (const PlanStage& s : plan.stages)
    out += fmt::format("  {:<30} {:>12} {:>10.2e} {:<24} {:>12}\n", s.name, format_bytes(s.bytes_per_rank), s.work,
                       s.work_unit, core::format_duration(s.seconds));
  return out + fmt::format("  {:<30} {:>12} {:>10} {:<24} {:>12}\n", "all", format_bytes(plan.peak_bytes_per_rank), "",
                           "", core::format_duration(plan.seconds));
}

/// Every part once, with the steps it is there in; what is small beside the peak is left out.
std::string parts_text(const RunPlan& plan) {
  constexpr double worth_a_line = 1.0 / 256;
  const double least = worth_a_line * static_cast<double>(plan.peak_bytes_per_rank);
  core::MemoryParts parts;
  std::vector<std::vector<std::string>> steps;
  for (const PlanStage& s : plan.stages)
    for (const core::MemoryPart& part : s.memory) {
      const auto same = [&](const core::MemoryPart& p) { return p.name == part.name && p.bytes == part.bytes; };
      const auto place = std::find_if(parts.begin(), parts.end(), same) - parts.begin();
      if (part.bytes < least)
        continue;
      if (place == std::ssize(parts)) {
        parts.push_back(part);
        steps.emplace_back();
      }
      steps[static_cast<std::size_t>(place)].push_back(s.name);
    }
  std::string out = fmt::format("  {:<42} {:>12}   {}\n", "memory of a rank", "bytes", "in the steps");
  for (std::size_t i = 0; i < parts.size(); ++i)
    out += fmt::format("    {:<40} {:>12}   {}\n", parts[i].name, format_bytes(core::whole_bytes(parts[i].bytes)),
                       steps[i].size() == plan.stages.size() ? "all" : fmt::format("{}", fmt::join(steps[i], "; ")));
  return out;
}

} // namespace

std::string to_text(const RunPlan& plan, const RunConfig& config, const std::string& directory) {
  std::string out = fmt::format("plan of run '{}': generator {}, D = {}, seed {}\n", config.run.name, config.generator,
                                plan.subject.dimensions, config.run.seed);
  const auto line = [&](const char* name, const std::string& text) { out += fmt::format("  {:<14} {}\n", name, text); };
  for (const std::string& assumed : config.field->shape().assumed)
    line("assumed", assumed);
  line("ranks", fmt::format("{}, {} a node", plan.machine.ranks, plan.machine.ranks_per_node));
  line("process grid", process_grid_text(plan));
  line("grid", grid_text(plan));
  line("realisations", std::to_string(plan.subject.realisations));
  line("groups", groups_text(plan));
  line("work units", units_text(work_units(config, plan)));
  line("point view", samples_text(plan.subject.sampling));
  line("memory", memory_text(plan));
  out += stages_text(plan);
  out += parts_text(plan);
  const bool taken = std::filesystem::exists(std::filesystem::path(directory) / "report.json");
  line("results", fmt::format("{}{} (nothing was written)", directory,
                              taken ? ", which has results already: --force would overwrite them" : ""));
  return out;
}

} // namespace cascade::app
