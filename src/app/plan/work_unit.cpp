#include "app/plan/work_unit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::app {

std::string WorkUnit::name() const {
  return fmt::format("{}-{:04}", analysis::view_name(view), first);
}

std::string Part::text() const {
  return fmt::format("{}/{}", index, count);
}

std::vector<WorkUnit> work_units(const RunConfig& config, const RunPlan& plan) {
  std::vector<WorkUnit> units;
  if (plan.decomposition) // the field itself may be wanted, whatever is measured
    for (std::int64_t r = 0; r < plan.subject.realisations; ++r)
      units.push_back({analysis::View::grid, r, 1});
  if (!config.analysis.measured_on(plan.subject, nullptr).empty())
    for (std::int64_t first = 0; first < plan.subject.sampling.trees; first += trees_per_unit)
      units.push_back(
          {analysis::View::points, first, std::min<std::int64_t>(trees_per_unit, plan.subject.sampling.trees - first)});
  return units;
}

} // namespace cascade::app
