#pragma once
// Points in R^D with a value each: data as a learner sees it.

#include "core/ranks/shared_numbers.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cascade::core {

/// n points of R^D, row by row, and the number to be learned at each. A point of weight w stands for w points at one
/// place with one target. Plain value, never with the d or h it was made with. Every rank sees all of it; coordinates
/// are there once a node where they come from share() (a kd-tree and a learner ask for any point), targets and weights
/// once a rank.
struct PointCloud {
  std::int64_t dimension = 0;    ///< D
  SharedNumbers points;          ///< [i*D + a]: coordinate a of point i
  std::vector<double> target;    ///< one a point; empty: there is nothing to learn
  std::vector<double> weights{}; ///< above 0, one a point; empty: all are 1

  std::int64_t size() const { return dimension == 0 ? 0 : static_cast<std::int64_t>(points.size()) / dimension; }
  std::span<const double> row(std::int64_t i) const {
    return {points.data() + i * dimension, static_cast<std::size_t>(dimension)};
  }
  double weight(std::int64_t i) const { return weights.empty() ? 1 : weights[static_cast<std::size_t>(i)]; }
  /// The points of these rows, in that order. Local.
  PointCloud subset(std::span<const std::int64_t> rows) const;
  /// The same, its coordinates once a node; the same rows on every rank. Collective.
  PointCloud subset(std::span<const std::int64_t> rows, const Communicator& ranks) const;
  /// The first n points; coordinates are those of this cloud, not a copy. Local.
  PointCloud first(std::int64_t n) const;
};

/// Takes out points whose coordinates are those of an earlier one, bit for bit; the order of the others is kept. Where
/// there are weights, the earlier one's grows by that of the others, in their order.
/// Returns how many went. Local.
std::int64_t drop_duplicates(PointCloud& cloud);
/// The same, and coordinates stay once a node; the same cloud on every rank. Collective.
std::int64_t drop_duplicates(PointCloud& cloud, const Communicator& ranks);

/// Rank `root`'s cloud on every rank, its coordinates once a node. Collective.
PointCloud share(PointCloud cloud, int root, const Communicator& ranks);

} // namespace cascade::core
