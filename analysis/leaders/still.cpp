#include "analysis/leaders/still.hpp"

#include <cmath>

namespace cascade::analysis {

std::vector<bool> StillLeaders::among(std::span<const double> leaders, std::span<const double> coarse, int dimensions,
                                      std::size_t side) const {
  constexpr int octaves = 3;
  constexpr double clearly = 0.25;
  const double as_smooth = std::exp2(octaves * (moments - clearly));
  const std::size_t above = side >> octaves;
  std::vector<bool> still(leaders.size());
  for (std::size_t k = 0; k < leaders.size(); ++k) {
    std::size_t ancestor = 0, rest = k, stride = 1;
    for (int axis = 0; axis < dimensions; ++axis, rest /= side, stride *= above)
      ancestor += (rest % side >> octaves) * stride;
    still[k] = flat(leaders[k]) || (!coarse.empty() && leaders[k] * as_smooth < coarse[ancestor]);
  }
  return still;
}

} // namespace cascade::analysis
