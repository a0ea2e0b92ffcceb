#pragma once
// A run cut into pieces that can be measured apart.

#include "analysis/measurement/view.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::app {

/// One piece of the measuring: everything that is measured on a view of the realisations [first, first + count). Its
/// tables depend on nothing but the configuration.
struct WorkUnit {
  analysis::View view = analysis::View::grid;
  std::int64_t first = 0, count = 1;
  std::string name() const; ///< "grid-0012", "points-0016": also a file's name
};

/// Trees in a unit of the point view.
inline constexpr std::int64_t trees_per_unit = analysis::Sampling::trees_together;

/// Every unit of a run, in the order their tables are merged, the grid's first: the same list at any rank count. Local.
std::vector<WorkUnit> work_units(const RunConfig& config, const RunPlan& plan);

/// Part `index` of `count` of a run has the units k with k mod count = index - 1.
struct Part {
  std::int64_t index = 1, count = 1;
  bool has(std::size_t unit) const { return static_cast<std::int64_t>(unit) % count == index - 1; }
  std::string text() const; ///< "2/3"
  /// The part of `count` that has this unit.
  static Part with(std::size_t unit, std::int64_t count) {
    return {static_cast<std::int64_t>(unit) % count + 1, count};
  }
};

} // namespace cascade::app
