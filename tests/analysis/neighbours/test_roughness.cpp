// Roughness of a target from differences between neighbours, with and without noise on it.

#include "analysis/fit/no_fit.hpp"
#include "analysis/neighbours/roughness.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "solvers/manifold/cloud.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;

namespace {

analysis::RoughnessFit fitted(double hurst, double noise, std::uint64_t seed) {
  solvers::ManifoldParameters p;
  p.manifold = "cube";
  p.dimension = 1;
  p.points = 8192;
  p.target.kind = "modes";
  p.target.hurst = hurst;
  p.target.longest = 4;
  p.target.noise = noise;
  const core::Communicator self = core::Communicator::self();
  const core::PointCloud cloud = solvers::make_cloud(p, seed, {p.points, 0, 0, false}, self);
  const std::vector<int> parts = analysis::space_blocks(cloud, 4);
  const analysis::BlockTable near = analysis::neighbour_differences(cloud, 2, parts, self);
  return analysis::fit_roughness(near, 2, [&] { return analysis::with_far_pairs(near, cloud, 2, parts, seed); });
}

} // namespace

TEST_CASE("noise on a target is a floor of S_2, and h is found above it", "[roughness]") {
  for (const double h : {0.3, 0.6})
    for (const double noise : {0.1, 0.5}) {
      const analysis::RoughnessFit fit = fitted(h, noise, 21);
      CAPTURE(h, noise, fit.hurst.exponent, fit.hurst.standard_error, fit.floor, fit.floor_error);
      CHECK(std::abs(fit.hurst.exponent - h) < 3 * fit.hurst.standard_error);
      CHECK(fit.hurst.standard_error < 0.6 * h);
      CHECK(std::abs(fit.floor - 2 * noise * noise) < 3 * fit.floor_error);
      CHECK(fit.floor_error < noise * noise); // half of the floor
    }
}

TEST_CASE("without noise there is no floor to speak of, and with nothing but noise no h", "[roughness]") {
  const analysis::RoughnessFit fit = fitted(0.5, 0, 22);
  CHECK(std::abs(fit.hurst.exponent - 0.5) < 3 * fit.hurst.standard_error);
  CHECK(fit.hurst.standard_error < 0.05);
  CHECK(fit.floor < 1e-3);
  CHECK_THROWS_AS(fitted(0.5, 30, 23), analysis::NoFit);
}
