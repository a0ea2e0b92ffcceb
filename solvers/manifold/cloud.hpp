#pragma once
// Random points on a set, with the target at each.

#include "core/points/point_cloud.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/manifold/parameters.hpp"

#include <cstdint>

namespace cascade::solvers {

/// Which cloud of the parameters.
struct CloudRequest {
  std::int64_t points = 0;
  std::uint64_t repeat = 0; ///< independent clouds
  std::uint64_t target = 0; ///< independent targets
  bool test = false;        ///< other points, 5% of the chart away from its border, the target without noise
};

/// Point i is a pure function of (seed, repeat, test, i): clouds of one repeat are nested, and the same at any number
/// of ranks, which share the work. Every rank sees the whole; coordinates are there once a node.
/// Collective.
core::PointCloud make_cloud(const ManifoldParameters& parameters, std::uint64_t seed, const CloudRequest& request,
                            const core::Communicator& communicator);

} // namespace cascade::solvers
