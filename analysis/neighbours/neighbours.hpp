#pragma once
// Nearest neighbours in a cloud, exactly.

#include "core/points/point_cloud.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace cascade::analysis {

/// The k nearest points of every query by Euclidean distance, nearest first, of equal ones the first in the cloud.
struct Neighbours {
  std::int64_t k = 0;
  std::vector<double> distance;    ///< [i*k + j]
  std::vector<std::int64_t> index; ///< of the point in the cloud that was searched
  std::int64_t queries() const { return k == 0 ? 0 : static_cast<std::int64_t>(index.size()) / k; }
};

/// Above this D a tree looks at nearly all points, and products of blocks of matrices are faster.
inline constexpr std::int64_t most_tree_dimensions = 20;

/// A cloud made ready to be searched: a kd-tree (nanoflann) up to D = 20; above, |x|^2 - 2 x.y for blocks of points,
/// whose roundoff is bounded, so that the candidates it leaves hold the nearest ones for sure; their distances are then
/// summed coordinate by coordinate. A query whose candidates do not suffice is compared with every point. So the answer
/// is exact and depends on nothing but cloud and query. The cloud must outlive it. Local, immutable.
class NeighbourSearch {
public:
  explicit NeighbourSearch(const core::PointCloud& cloud);
  ~NeighbourSearch();
  NeighbourSearch(const NeighbourSearch&) = delete;
  NeighbourSearch& operator=(const NeighbourSearch&) = delete;

  /// For the queries first .. last - 1. `same`: the queries are the cloud, and no point is its own neighbour. Throws
  /// std::invalid_argument unless 1 <= k <= points (less one where `same`).
  Neighbours find(const core::PointCloud& queries, std::int64_t first, std::int64_t last, std::int64_t k,
                  bool same) const;
  /// counts[i][m]: points of the cloud nearer than radii[m] to its point first + i, itself left out.
  std::vector<std::array<double, 2>> count_within(std::int64_t first, std::int64_t last,
                                                  const std::array<double, 2>& radii) const;

private:
  struct Tree;
  struct Blocks;
  const core::PointCloud& cloud_;
  std::unique_ptr<Tree> tree_;
  std::unique_ptr<Blocks> blocks_;
};

/// What `nearest` takes on a rank beside the cloud and the queries. Local.
core::MemoryParts search_memory(std::int64_t points, std::int64_t dimension, std::int64_t queries, std::int64_t k,
                                int ranks);

/// The same for all queries, shared over the ranks; the whole answer on every rank. Collective.
Neighbours nearest(const core::PointCloud& cloud, const core::PointCloud& queries, std::int64_t k, bool same,
                   const core::Communicator& communicator);
std::vector<std::array<double, 2>> count_within(const core::PointCloud& cloud, const std::array<double, 2>& radii,
                                                const core::Communicator& communicator);

} // namespace cascade::analysis
