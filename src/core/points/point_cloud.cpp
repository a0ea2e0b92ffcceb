#include "core/points/point_cloud.hpp"

#include <algorithm>
#include <numeric>

namespace cascade::core {

PointCloud PointCloud::subset(std::span<const std::int64_t> rows) const {
  PointCloud out;
  out.dimension = dimension;
  out.points.reserve(rows.size() * static_cast<std::size_t>(dimension));
  for (const std::int64_t i : rows) {
    const auto x = row(i);
    out.points.insert(out.points.end(), x.begin(), x.end());
    if (!target.empty())
      out.target.push_back(target[static_cast<std::size_t>(i)]);
    if (!weights.empty())
      out.weights.push_back(weights[static_cast<std::size_t>(i)]);
  }
  return out;
}

PointCloud PointCloud::first(std::int64_t n) const {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(std::min(n, size())));
  std::iota(rows.begin(), rows.end(), 0);
  return subset(rows);
}

std::int64_t drop_duplicates(PointCloud& cloud) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(cloud.size()));
  std::iota(order.begin(), order.end(), 0);
  const auto less = [&](std::int64_t a, std::int64_t b) {
    const auto x = cloud.row(a), y = cloud.row(b);
    const auto [p, q] = std::mismatch(x.begin(), x.end(), y.begin());
    return p == x.end() ? a < b : *p < *q;
  };
  std::sort(order.begin(), order.end(), less);
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < order.size(); ++i) { // of equal points the first in the cloud comes first
    const auto x = cloud.row(order[i]);
    if (i == 0 || !std::equal(x.begin(), x.end(), cloud.row(order[i - 1]).begin()))
      kept.push_back(order[i]);
    else if (!cloud.weights.empty())
      cloud.weights[static_cast<std::size_t>(kept.back())] += cloud.weights[static_cast<std::size_t>(order[i])];
  }
  const auto gone = static_cast<std::int64_t>(order.size() - kept.size());
  if (gone > 0) {
    std::sort(kept.begin(), kept.end());
    cloud = cloud.subset(kept);
  }
  return gone;
}

} // namespace cascade::core
