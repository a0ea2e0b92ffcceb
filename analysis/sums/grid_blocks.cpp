#include "analysis/sums/grid_blocks.hpp"

#include <algorithm>

namespace cascade::analysis {

int GridBlocks::wanted(int dimensions) {
  return dimensions == 3 ? 4 : dimensions == 2 ? 8 : 64;
}

GridBlocks::GridBlocks(const core::Domain& domain)
    : dimensions_(domain.dimensions()), points_(domain.points()),
      per_side_(static_cast<int>(std::min<core::Index>(wanted(dimensions_), points_))) {
  for (int a = 0; a < dimensions_; ++a)
    count_ *= per_side_;
}

core::Range GridBlocks::along(int k) const {
  const auto first = [&](core::Index i) { return (i * points_ + per_side_ - 1) / per_side_; };
  return {first(k), first(k + 1)};
}

core::Index GridBlocks::points_in(int block) const {
  core::Index result = 1;
  for (int a = 0; a < dimensions_; ++a, block /= per_side_) {
    const core::Range range = along(block % per_side_);
    result *= range.end - range.begin;
  }
  return result;
}

} // namespace cascade::analysis
