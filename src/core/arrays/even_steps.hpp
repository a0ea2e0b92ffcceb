#pragma once
// The places of the points of a series: are they evenly spaced?

#include "core/grid/domain.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cascade::core {

/// Where the numbers of a series belong on an even line of points.
struct EvenSteps {
  double spacing = 0;      ///< between points, positive
  std::vector<Index> gaps; ///< points that are not there behind each one; empty: none is
  std::string refusal;     ///< why there is no such line; empty: there is one
};

/// Points x_0, x_1, ... in rising or falling order are even where each lies within `rounding` (half of the last digit
/// they are written with), or 1e-4 of a step, of a straight line; with gaps where every step is a whole number of the
/// smallest and the line has at most four times as many points. Local.
EvenSteps even_steps(std::span<const double> x, double rounding);

} // namespace cascade::core
