#include "analysis/measurement/cost.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

GridExtent extent_of(const Subject& subject, const core::Decomposition& grid) {
  GridExtent e;
  const auto side = static_cast<double>(subject.points);
  e.points = std::pow(side, subject.dimensions) * subject.components * static_cast<double>(subject.realisations);
  e.log_side = std::log2(side);
  e.axes = subject.dimensions;
  for (int rank = 0; rank < grid.ranks(); ++rank)
    e.component_bytes =
        std::max(e.component_bytes, grid.real_box(rank).size() * static_cast<std::int64_t>(sizeof(double)));
  e.field_bytes = subject.components * e.component_bytes;
  return e;
}

} // namespace cascade::analysis
