#pragma once
// The ways in which a field can be looked at.

#include <string>

namespace cascade::analysis {

/// grid: realisations on a grid (core::GridSample). points: realisations evaluated point by point, without a grid
/// (core::PointSource).
enum class View { grid, points };

/// "grid" or "points": in names of units and tables.
inline std::string view_name(View view) {
  return view == View::grid ? "grid" : "points";
}

/// How results of a view name it, the first word of their ids: "grid" or "sampled".
inline std::string method_name(View view) {
  return view == View::grid ? "grid" : "sampled";
}

} // namespace cascade::analysis
