#include "core/points/point_cloud.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace cascade::core {

namespace {

/// Targets and weights of these rows.
void take_values(const PointCloud& from, std::span<const std::int64_t> rows, PointCloud& into) {
  for (const std::int64_t i : rows) {
    if (!from.target.empty())
      into.target.push_back(from.target[static_cast<std::size_t>(i)]);
    if (!from.weights.empty())
      into.weights.push_back(from.weights[static_cast<std::size_t>(i)]);
  }
}

/// Rows whose coordinates no earlier one has, in order; each gets the weights of the later ones.
std::vector<std::int64_t> distinct_rows(PointCloud& cloud) {
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
  std::sort(kept.begin(), kept.end());
  return kept;
}

/// This rank's share of n things.
std::pair<std::size_t, std::size_t> share_of(std::size_t n, const Communicator& ranks) {
  const auto rank = static_cast<std::size_t>(ranks.rank()), size = static_cast<std::size_t>(ranks.size());
  return {n * rank / size, n * (rank + 1) / size};
}

void broadcast_numbers(std::vector<double>& values, int root, const Communicator& ranks) {
  std::array<std::int64_t, 1> size{static_cast<std::int64_t>(values.size())};
  ranks.broadcast(std::as_writable_bytes(std::span(size)), root);
  values.resize(static_cast<std::size_t>(size[0]));
  ranks.broadcast(std::as_writable_bytes(std::span(values)), root);
}

} // namespace

PointCloud PointCloud::subset(std::span<const std::int64_t> rows) const {
  PointCloud out;
  out.dimension = dimension;
  std::vector<double> coordinates;
  coordinates.reserve(rows.size() * static_cast<std::size_t>(dimension));
  for (const std::int64_t i : rows)
    coordinates.insert(coordinates.end(), row(i).begin(), row(i).end());
  out.points = std::move(coordinates);
  take_values(*this, rows, out);
  return out;
}

PointCloud PointCloud::subset(std::span<const std::int64_t> rows, const Communicator& ranks) const {
  const auto [first, last] = share_of(rows.size(), ranks);
  const std::span<const std::int64_t> own = rows.subspan(first, last - first);
  PointCloud out;
  out.dimension = dimension;
  out.points = share_numbers(static_cast<std::int64_t>(own.size()) * dimension, ranks, [&](std::span<double> place) {
    for (std::size_t k = 0; k < own.size(); ++k)
      std::copy_n(row(own[k]).begin(), dimension, place.begin() + static_cast<std::int64_t>(k) * dimension);
  });
  take_values(*this, rows, out);
  return out;
}

PointCloud PointCloud::first(std::int64_t n) const {
  const auto count = static_cast<std::size_t>(std::min(n, size()));
  const auto some = [count](const std::vector<double>& all) {
    return std::vector<double>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size())));
  };
  return {dimension, points.first(count * static_cast<std::size_t>(dimension)), some(target), some(weights)};
}

std::int64_t drop_duplicates(PointCloud& cloud) {
  const std::vector<std::int64_t> kept = distinct_rows(cloud);
  const std::int64_t gone = cloud.size() - static_cast<std::int64_t>(kept.size());
  if (gone > 0)
    cloud = cloud.subset(kept);
  return gone;
}

std::int64_t drop_duplicates(PointCloud& cloud, const Communicator& ranks) {
  const std::vector<std::int64_t> kept = distinct_rows(cloud);
  const std::int64_t gone = cloud.size() - static_cast<std::int64_t>(kept.size());
  if (gone > 0)
    cloud = cloud.subset(kept, ranks);
  return gone;
}

PointCloud share(PointCloud cloud, int root, const Communicator& ranks) {
  std::array<std::int64_t, 1> dimension{cloud.dimension};
  ranks.broadcast(std::as_writable_bytes(std::span(dimension)), root);
  PointCloud out;
  out.dimension = dimension[0];
  const bool mine = ranks.rank() == root;
  out.points = ranks.size() == 1 ? cloud.points
                                 : share_numbers(mine ? static_cast<std::int64_t>(cloud.points.size()) : 0, ranks,
                                                 [&](std::span<double> place) {
                                                   std::copy_n(cloud.points.begin(), place.size(), place.begin());
                                                 });
  out.target = std::move(cloud.target);
  out.weights = std::move(cloud.weights);
  broadcast_numbers(out.target, root, ranks);
  broadcast_numbers(out.weights, root, ranks);
  return out;
}

} // namespace cascade::core
