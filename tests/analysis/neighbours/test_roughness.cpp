// Roughness of a target from differences between neighbours, with and without noise on it.

#include "analysis/fit/no_fit.hpp"
#include "analysis/neighbours/roughness.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "core/random/random.hpp"
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
  const analysis::PairTable near = analysis::neighbour_differences(cloud, 2, parts, self);
  return analysis::fit_roughness(near, 2, [&] { return analysis::with_far_pairs(near, cloud, 2, parts, seed); });
}

} // namespace

TEST_CASE("noise on a target is a floor of S_2, and h is found above it", "[roughness]][slow") {
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

TEST_CASE("a smooth target without noise has no floor: pairs stand at the right mean of their distances",
          "[roughness]") {
  core::PointCloud cloud{3, {}, {}};
  std::vector<double> points, coordinates;
  const core::CounterRng rng(7, core::Stream{5});
  for (std::uint64_t i = 0; i < 1500; ++i) {
    for (std::uint32_t a = 0; a < 3; ++a) {
      const core::Block b = rng.block(i, a);
      points.push_back(core::uniform(b[0], b[1]));
    }
    cloud.target.push_back(1.3 * std::sin(6 * points[3 * i]) + 0.4 * points[3 * i + 1]);
  }
  cloud.points = std::move(points);
  const std::vector<int> parts = analysis::space_blocks(cloud, 4);
  const core::Communicator self = core::Communicator::self();
  const analysis::PairTable near = analysis::neighbour_differences(cloud, 2, parts, self);
  // On a line f = x all pairs of one distance differ by it: S_2 is <r^2>, exactly, in every row.
  for (std::int64_t i = 0; i < cloud.size(); ++i)
    coordinates.push_back(cloud.row(i)[0]);
  const core::PointCloud line{1, coordinates, coordinates};
  const analysis::BlockTable exact =
      analysis::neighbour_differences(line, 2, analysis::space_blocks(line, 4), self).at(1);
  for (std::size_t i = 0; i < exact.points(); ++i)
    CHECK(exact.mean()[i] == Approx(exact.x[i] * exact.x[i]).epsilon(1e-12));
  const auto fit = analysis::fit_roughness(near, 2, [&] { return analysis::with_far_pairs(near, cloud, 2, parts, 1); });
  CAPTURE(fit.hurst.exponent, fit.hurst.standard_error, fit.floor, fit.floor_error);
  CHECK(fit.floor < 5 * fit.floor_error + 1e-6); // what is called a noise floor
  CHECK(std::abs(fit.hurst.exponent - 1) < 3 * fit.hurst.standard_error);
}

TEST_CASE("without noise there is no floor to speak of, and with nothing but noise no h", "[roughness]") {
  const analysis::RoughnessFit fit = fitted(0.5, 0, 22);
  CHECK(std::abs(fit.hurst.exponent - 0.5) < 3 * fit.hurst.standard_error);
  CHECK(fit.hurst.standard_error < 0.05);
  CHECK(fit.floor < 1e-3);
  CHECK_THROWS_AS(fitted(0.5, 30, 23), analysis::NoFit);
}
