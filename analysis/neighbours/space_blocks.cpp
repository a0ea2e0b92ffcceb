#include "analysis/neighbours/space_blocks.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace cascade::analysis {
namespace {

void halve(const core::PointCloud& cloud, std::span<std::int64_t> rows, int depth, int part, std::vector<int>& parts) {
  if (depth == 0) {
    for (const std::int64_t i : rows)
      parts[static_cast<std::size_t>(i)] = part;
    return;
  }
  std::size_t widest = 0;
  double width = -1;
  for (std::size_t a = 0; a < static_cast<std::size_t>(cloud.dimension); ++a) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const std::int64_t i : rows) {
      low = std::min(low, cloud.row(i)[a]);
      high = std::max(high, cloud.row(i)[a]);
    }
    if (high - low > width) {
      width = high - low;
      widest = a;
    }
  }
  const std::size_t half = rows.size() / 2;
  std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(half), rows.end(),
                   [&](std::int64_t i, std::int64_t j) {
                     const double x = cloud.row(i)[widest], y = cloud.row(j)[widest];
                     return x < y || (x == y && i < j);
                   });
  halve(cloud, rows.first(half), depth - 1, 2 * part, parts);
  halve(cloud, rows.subspan(half), depth - 1, 2 * part + 1, parts);
}

} // namespace

std::vector<int> space_blocks(const core::PointCloud& cloud, int depth) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(cloud.size()));
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<int> parts(rows.size());
  halve(cloud, rows, depth, 0, parts);
  return parts;
}

} // namespace cascade::analysis
