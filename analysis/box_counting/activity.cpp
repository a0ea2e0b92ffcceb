#include "analysis/box_counting/activity.hpp"

#include <cmath>

namespace cascade::analysis {

theory::Activity activity_of(const BlockTable& cells, const std::vector<double>& counts, std::int64_t points) {
  theory::Activity activity;
  for (double s = 1; s * static_cast<double>(points) >= 2; s /= 2)
    for (std::size_t i = 0; i < cells.points(); ++i)
      if (std::abs(cells.x[i] / s - 1) < 1e-9)
        activity.cells.push_back(counts[i]);
  return activity;
}

} // namespace cascade::analysis
