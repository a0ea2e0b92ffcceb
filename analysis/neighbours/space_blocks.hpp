#pragma once
// Parts of a cloud whose points are near one another: neighbouring points are not independent, such parts nearly are.

#include "core/points/point_cloud.hpp"

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// The part of each point: 2^depth parts of equal size to one point, by halving at the median along the widest side,
/// again and again. Local, deterministic.
std::vector<int> space_blocks(const core::PointCloud& cloud, int depth);

} // namespace cascade::analysis
