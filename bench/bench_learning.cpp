// Speed of what clouds of points ask for, at whatever number of ranks it is run: prints
// "name value unit [ratio R (target T)]", where the ratio is the measured value over the stated one.

#include "analysis/dimension/estimators.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "solvers/manifold/cloud.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <ctime>

namespace {

using namespace cascade;

/// Every estimate of d of 20000 points in R^100 (exact neighbours by products of blocks), in CPU seconds of the rank
/// that took most. Once: it takes long, and longer than whatever else may disturb it.
void dimensions_of_many(const core::Communicator& ranks) {
  solvers::ManifoldParameters p;
  p.manifold = "sphere";
  p.dimension = 10;
  p.embedding_dimension = 100;
  p.points = 20000;
  const core::PointCloud cloud = solvers::make_cloud(p, 1, {p.points, 0, 0, false}, ranks);
  ranks.barrier();
  const std::clock_t start = std::clock();
  const analysis::Neighbours near = analysis::nearest(cloud, cloud, 64, true, ranks);
  const std::vector<int> parts = analysis::space_blocks(cloud, 5);
  const double d = analysis::two_nn(near, parts).value + analysis::two_nn_ml(near, parts).value +
                   analysis::levina_bickel(near, 20, parts).value +
                   analysis::correlation_dimension(cloud, near, parts, ranks).value +
                   analysis::gride(near, 32, parts).value;
  double elapsed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  ranks.max(std::span(&elapsed, 1));
  if (!(d > 30 && d < 60))
    std::abort(); // five times 10, and what 20000 points miss
  if (ranks.rank() == 0)
    fmt::print("dimensions_20000_of_100 {:.4g} CPU-s ratio {:.3g} (target <= 1, of 20 s)\n", elapsed, elapsed / 20);
}

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  dimensions_of_many(core::Communicator::world());
  return 0;
}
