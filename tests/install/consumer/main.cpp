// Makes a field of known roughness and measures its second-order structure function: S_2 ~ r^(2h).
#include "analysis/structure_function/grid.hpp"
#include "solvers/weierstrass/weierstrass.hpp"

#include <cmath>
#include <cstdio>

using namespace cascade;

int main(int argc, char** argv) {
  core::Environment environment(argc, argv);
  const core::Communicator world = core::Communicator::world();
  solvers::WeierstrassParameters parameters;
  parameters.embedding_dimension = 1;
  parameters.hurst = 0.3;
  parameters.points = 4096;
  const core::Decomposition grid(core::Domain(1, 4096), world.size());
  const core::GridSample sample = solvers::Weierstrass(parameters, 1).sample(grid, world, 0);
  const auto tables = analysis::grid_structure_functions(sample.field, world, {2}, {32, 64});
  const std::vector<double> s2 = tables.tables[0][0].mean();
  const double zeta = std::log2(s2[1] / s2[0]);
  std::printf("zeta_2 = %.3f\n", zeta);
  return std::fabs(zeta - 2 * parameters.hurst) < 0.06 ? 0 : 1; // a tenth: two scales of a finite box
}
