#include "analysis/sums/grid_blocks.hpp"

#include <algorithm>

namespace cascade::analysis {

using core::Index;

int GridBlocks::wanted(int dimensions) {
  return dimensions == 3 ? 4 : dimensions == 2 ? 8 : 64;
}

GridBlocks::GridBlocks(const core::Domain& domain, int blocks) : domain_(domain) {
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    per_side_[static_cast<std::size_t>(axis)] = static_cast<int>(std::min<Index>(blocks, domain.points(axis)));
}

core::Range GridBlocks::along(int axis, int k) const {
  const auto first = [&](Index i) { return (i * domain_.points(axis) + per_side(axis) - 1) / per_side(axis); };
  return {first(k), first(k + 1)};
}

Index GridBlocks::pairs_in(int block, int axis, Index shift) const {
  Index result = 1;
  for (int a = 2; a >= 0; block /= per_side(a), --a) {
    core::Range range = along(a, block % per_side(a));
    if (a == axis && !domain_.periodic(a))
      range.end = std::clamp(domain_.points(a) - shift, range.begin, range.end);
    result *= range.end - range.begin;
  }
  return result;
}

} // namespace cascade::analysis
