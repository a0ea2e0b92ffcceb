// Speed of what clouds of points ask for, at whatever number of ranks it is run: prints
// "name value unit [ratio R (target T)]", where the ratio is the measured value over the stated one.

#include "analysis/dimension/estimators.hpp"
#include "analysis/learners/network_training.hpp"
#include "analysis/learners/relu_layer.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "solvers/manifold/cloud.hpp"

#include <fmt/core.h>

#include <cmath>
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

/// CPU microseconds of a step of Adam on one core: one hidden layer of 128 units, 512 examples of two coordinates.
void step_of_adam() {
  const core::CounterRng rng(1, core::Stream{5});
  Eigen::MatrixXd inputs(3, 512);
  Eigen::VectorXd target(512);
  for (Eigen::Index i = 0; i < 512; ++i) {
    const core::Block b = rng.block(static_cast<std::uint64_t>(i), 0);
    inputs.col(i) << 2 * core::uniform(b[0], b[1]) - 1, 2 * core::uniform(b[2], b[3]) - 1, 1;
    target[i] = std::cos(9 * inputs(0, i)) * std::sin(7 * inputs(1, i));
  }
  analysis::DeepNetwork network(analysis::hinges_on_data(inputs, 128, 1, core::Stream{5}, 0), 1, rng, 0);
  const double first = network.step(inputs, target, 1e-3);
  constexpr int steps = 2000;
  double last = 0;
  const std::clock_t start = std::clock();
  for (int t = 0; t < steps; ++t)
    last = network.step(inputs, target, 1e-3);
  const double micro = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / steps;
  if (!(last < first))
    std::abort();
  fmt::print("adam_step_128_of_512 {:.4g} us ratio {:.3g} (target <= 1, of 150 us)\n", micro, micro / 150);
}

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  const core::Communicator world = core::Communicator::world();
  dimensions_of_many(world);
  if (world.rank() == 0)
    step_of_adam();
  return 0;
}
