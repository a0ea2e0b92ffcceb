#include "app/plan/fit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::app {
namespace {

core::MemoryParts largest_first(core::MemoryParts parts) {
  std::stable_sort(parts.begin(), parts.end(),
                   [](const core::MemoryPart& a, const core::MemoryPart& b) { return a.bytes > b.bytes; });
  return parts;
}

/// "modes of the field 1.0 GiB, field 1.0 GiB"
std::string largest_parts(const core::MemoryParts& all) {
  constexpr std::size_t named = 3;
  const core::MemoryParts parts = largest_first(all);
  std::string text;
  for (std::size_t i = 0; i < std::min(named, parts.size()); ++i)
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", parts[i].name, format_bytes(core::whole_bytes(parts[i].bytes)));
  return text;
}

std::string need_text(std::int64_t peak, const std::string& culprit, const Machine& machine) {
  return fmt::format("needs {} a rank ({}), {} are available ({}, {} ranks on this node)", format_bytes(peak), culprit,
                     format_bytes(machine.bytes_per_rank()), machine.memory_source, machine.ranks_per_node);
}

std::string need_text(const RunPlan& plan) {
  const PlanStage& worst =
      *std::max_element(plan.stages.begin(), plan.stages.end(),
                        [](const PlanStage& a, const PlanStage& b) { return a.bytes_per_rank < b.bytes_per_rank; });
  return need_text(plan.peak_bytes_per_rank, fmt::format("step '{}': {}", worst.name, largest_parts(worst.memory)),
                   plan.machine);
}

/// The smallest group that would do.
std::string larger_groups(RunConfig config, const RunPlan& plan) {
  for (int size = 2 * plan.group_size; size <= plan.machine.ranks; size *= 2) {
    config.run.group_size = size;
    if (const RunPlan wider = lay_out(config, plan.machine); fits(wider))
      return fmt::format("run.group_size: {} would need {}, or leave it unset", size,
                         format_bytes(wider.peak_bytes_per_rank));
  }
  return "use larger groups, or leave run.group_size unset";
}

/// "field.points: 512 would need 1.2 GiB, field.oversampling: 1 would need 1.3 GiB"
std::string what_would_fit(const std::vector<Remedy>& list) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, list.size()) && list[i].fits; ++i)
    text += fmt::format("{}{}: {} would need {}", i > 0 ? ", " : "", list[i].key, list[i].value,
                        format_bytes(list[i].bytes_per_rank));
  return text;
}

} // namespace

bool fits(const RunPlan& plan) {
  return plan.peak_bytes_per_rank <= plan.machine.bytes_per_rank();
}

void require_fit(const RunConfig& config, const RunPlan& plan) {
  if (fits(plan))
    return;
  if (plan.groups > 1 && config.run.group_size)
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: run.group_size: a realisation on {} ranks {}; {}",
                                                             position_of(config, "run.group_size"), plan.group_size,
                                                             need_text(plan), larger_groups(config, plan)));
  const PeakOf peak_of = [&plan](const Input& input) {
    return lay_out(load_config(input), plan.machine).peak_bytes_per_rank;
  };
  const InputSource all{config.input_file, resolved(config, plan).json(), {}, false};
  const std::vector<Remedy> list = remedies(all, plan.peak_bytes_per_rank, plan.machine, peak_of);
  if (list.empty())
    throw DoesNotFit(fmt::format("{}: this input {}; {}", config.input_file, need_text(plan), advice_of(list)));
  const Remedy& first = list.front();
  throw DoesNotFit(fmt::format("{}: {}: {} {}; {}", position_of(config, first.key), first.key, first.before,
                               need_text(plan), advice_of(list)));
}

std::string advice_of(const std::vector<Remedy>& list) {
  if (list.empty())
    return "run fewer ranks a node, or on a node with more memory";
  const Remedy& first = list.front();
  return first.fits ? what_would_fit(list) + "; or use more nodes"
                    : fmt::format("no key alone makes it fit: {}: {} would still need {}; use more nodes, or change "
                                  "several keys",
                                  first.key, first.value, format_bytes(first.bytes_per_rank));
}

std::int64_t peak_bytes(const Need& need, const Machine& machine) {
  return core::whole_bytes(core::total_bytes(need.parts) + static_cast<double>(machine.base_bytes));
}

void require_room(const std::string& subject, const Need& need, const Machine& machine) {
  const std::int64_t peak = peak_bytes(need, machine);
  if (peak > machine.bytes_per_rank())
    throw DoesNotFit(
        fmt::format("{} {}; {}", subject, need_text(peak, largest_parts(need.parts), machine), need.advice));
}

std::string to_text(const Need& need, const Machine& machine) {
  std::string out =
      fmt::format("  memory: peak {} a rank; {} free on the tightest node ({})\n",
                  format_bytes(peak_bytes(need, machine)), format_bytes(machine.node_bytes), machine.memory_source);
  const core::MemoryParts program{{"program and libraries", static_cast<double>(machine.base_bytes)}};
  for (const core::MemoryPart& part : core::together(program, largest_first(need.parts)))
    out += fmt::format("    {:<40} {:>12}\n", part.name, format_bytes(core::whole_bytes(part.bytes)));
  return out;
}

} // namespace cascade::app
