#include "app/plan/work_unit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::app {

std::string WorkUnit::name() const {
  constexpr const char* kinds[] = {"field", "pairs", "cells"};
  return fmt::format("{}-{:04}", kinds[static_cast<int>(kind)], first);
}

std::string Part::text() const {
  return fmt::format("{}/{}", index, count);
}

std::vector<WorkUnit> work_units(const RunConfig& config, const RunPlan& plan) {
  std::vector<WorkUnit> units;
  if (plan.decomposition)
    for (std::int64_t r = 0; r < plan.realisations; ++r)
      units.push_back({WorkUnit::Kind::field, r, 1});
  const auto trees = [&](WorkUnit::Kind kind) {
    for (std::int64_t first = 0; first < plan.sampling.trees; first += trees_per_unit)
      units.push_back({kind, first, std::min<std::int64_t>(trees_per_unit, plan.sampling.trees - first)});
  };
  if (plan.sampling.levels > 0) {
    if (plan.sampling.pairs > 0)
      trees(WorkUnit::Kind::pairs);
    if (config.approximation.enabled || plan.sampling.points > 0) // fits on scattered points need the losses
      trees(WorkUnit::Kind::cells);
  }
  return units;
}

} // namespace cascade::app
