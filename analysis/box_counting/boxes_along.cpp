#include "analysis/box_counting/boxes_along.hpp"

namespace cascade::analysis {

using core::Domain;
using core::Index;

Reach reach_of(const SetBits& set, const core::Communicator& communicator) {
  const Domain& domain = set.decomposition().domain();
  const auto depth = [&](int axis) {
    return std::min(domain.points(axis), std::max<Index>(2, domain.points(axis) / 64));
  };
  std::array<std::int64_t, 6> found{};
  const core::Box& box = set.box();
  BitRow line(set.words());
  for (Index i = box.begin[0]; !box.empty() && i < box.end[0]; ++i)
    for (Index j = box.begin[1]; j < box.end[1]; ++j) {
      const auto row = set.row(i - box.begin[0], j - box.begin[1]);
      std::copy(row.begin(), row.end(), line.begin());
      const Index n = domain.points(2);
      const bool any = count_bits(line, 0, n) > 0;
      const std::array<Index, 2> at{i, j};
      for (std::size_t axis = 0; axis < 2; ++axis) {
        const Index deep = depth(static_cast<int>(axis));
        found[2 * axis] |= any && at[axis] < deep ? 1 : 0;
        found[2 * axis + 1] |= any && at[axis] >= domain.points(static_cast<int>(axis)) - deep ? 1 : 0;
      }
      found[4] |= count_bits(line, 0, depth(2)) > 0 ? 1 : 0;
      found[5] |= count_bits(line, n - depth(2), n) > 0 ? 1 : 0;
    }
  communicator.max(std::span<std::int64_t>(found));
  Reach reach;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    reach.first[axis] = found[2 * axis] != 0;
    reach.last[axis] = found[2 * axis + 1] != 0;
  }
  return reach;
}

} // namespace cascade::analysis
