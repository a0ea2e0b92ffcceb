#include "analysis/sums/even_axes.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

std::vector<int> even_axes(const core::Domain& domain) {
  constexpr double same = 1e-9; // lengths may have been computed
  std::vector<int> best;
  for (int first = domain.first_axis(); first < 3; ++first) {
    const double spacing = domain.spacing(first);
    std::vector<int> axes;
    for (int axis = domain.first_axis(); axis < 3; ++axis)
      if (std::fabs(domain.spacing(axis) - spacing) <= same * spacing)
        axes.push_back(axis);
    const bool finer =
        !best.empty() && axes.size() == best.size() && spacing < domain.spacing(best.front()) * (1 - same);
    if (axes.size() > best.size() || finer)
      best = std::move(axes);
  }
  return best;
}

bool evenly_spaced(const core::Domain& domain) {
  return static_cast<int>(even_axes(domain).size()) == domain.dimensions();
}

core::Index fewest_points(const core::Domain& domain, const std::vector<int>& axes) {
  core::Index fewest = domain.points(axes.front());
  for (const int axis : axes)
    fewest = std::min(fewest, domain.points(axis));
  return fewest;
}

} // namespace cascade::analysis
