#pragma once
// A run cut into pieces that can be measured apart.

#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::app {

/// One piece of the measuring: a realisation on the grid, or a range of trees of the point view. Its tables depend on
/// nothing but the configuration.
struct WorkUnit {
  enum class Kind { field, pairs, cells };
  Kind kind = Kind::field;
  std::int64_t first = 0;   ///< realisation, or first tree
  std::int64_t count = 1;   ///< trees
  std::string name() const; ///< "field-0012", "pairs-0016", "cells-0000": also a file's name
};

/// Trees in a unit of the point view: seconds of work, and enough of it for many ranks.
inline constexpr std::int64_t trees_per_unit = 16;

/// Every unit of a run, in the order their tables are merged: the same list at any rank count. Local.
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
