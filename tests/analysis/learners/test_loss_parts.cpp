// Bias and variance of learners.

#include "analysis/learners/learner.hpp"
#include "analysis/learners/loss_parts.hpp"
#include "core/random/normals.hpp"
#include "solvers/manifold/cloud.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;

namespace {

/// Learners of known bias and variance: f_r(x) = f(x) + off + sigma z.
analysis::Predictions made_up(std::size_t repeats, std::size_t points, double off, double sigma, std::uint64_t seed) {
  const core::CounterRng rng(seed, core::Stream{90});
  std::vector<double> normal(repeats * points + repeats * points % 2);
  core::normal_pairs(rng, 1 << 20, 0, normal);
  analysis::Predictions f(repeats, std::vector<double>(points));
  for (std::size_t r = 0; r < repeats; ++r)
    for (std::size_t x = 0; x < points; ++x)
      f[r][x] = static_cast<double>(x) + off + sigma * normal[r * points + x];
  return f;
}

std::vector<double> ramp(std::size_t points) {
  std::vector<double> f(points);
  for (std::size_t x = 0; x < points; ++x)
    f[x] = static_cast<double>(x);
  return f;
}

} // namespace

TEST_CASE("bias and variance are what they were made of, whatever the repeats", "[loss_parts]") {
  constexpr double off = 0.3, sigma = 0.8;
  for (const std::size_t repeats : {3, 8}) {
    const auto f = made_up(repeats, 4000, off, sigma, 11);
    const analysis::LossParts p = analysis::loss_parts(f, ramp(4000));
    CAPTURE(repeats, p.bias, p.variance);
    CHECK(std::abs(p.bias - off * off) < 5 * 2 * off * sigma / std::sqrt(4000.0 * static_cast<double>(repeats)));
    CHECK(p.variance == Approx(sigma * sigma).epsilon(0.08));
    double loss = 0; // the parts add up to the mean loss of one learner, to roundoff
    for (const auto& one : f)
      loss += analysis::mean_square_error(one, ramp(4000)) / static_cast<double>(repeats);
    CHECK(p.excess() == Approx(loss).epsilon(1e-12));
  }
  CHECK_THROWS_AS(analysis::loss_parts(made_up(2, 10, 0, 1, 1), ramp(10)), std::invalid_argument);
}

TEST_CASE("averages of learners lose variance as 1/m and keep their bias", "[loss_parts]") {
  constexpr double off = 0.3, sigma = 0.8;
  const auto averaged = analysis::averaged_losses(made_up(32, 2000, off, sigma, 5), ramp(2000));
  REQUIRE(averaged.size() == 6);
  for (const analysis::AveragedLoss& a : averaged) {
    const auto m = static_cast<double>(a.learners);
    const double expected = off * off + sigma * sigma / m;
    CAPTURE(m, a.loss, expected);
    CHECK(std::abs(a.loss - expected) <
          6 * sigma * std::sqrt(4 * off * off + 2 * sigma * sigma / m) / std::sqrt(2000 * 32.0));
  }
}

TEST_CASE("learning starts where the error is the target's own variance", "[loss_parts]") {
  const analysis::NoiseLine line = analysis::noise_line({0, 1, 4}, {0.2, 0.45, 1.2}, {0.01, 0.02, 0.05});
  CHECK(line.still == Approx(0.2));
  CHECK(line.slope == Approx(0.25));
  CHECK(line.threshold(1) == Approx(0.25 / 0.8)); // sigma^2 = 3.2
  CHECK(std::isinf(line.threshold(0.1)));
  CHECK_THROWS_AS(analysis::noise_line({1, 1}, {1, 1}, {1, 1}), std::invalid_argument);
}

TEST_CASE("the mean of k neighbours has a variance of sigma^2/k and starts to learn at 1/k", "[loss_parts][slow]") {
  solvers::ManifoldParameters p;
  p.manifold = "cube";
  p.dimension = 1;
  p.points = 4096;
  p.target.kind = "modes";
  p.target.longest = 4;
  const core::Communicator self = core::Communicator::self();
  for (const std::int64_t k : {1, 4}) {
    analysis::LearnerOptions options;
    options.kind = "nearest_neighbours";
    options.k = k;
    const auto learner = analysis::make_learner(options);
    std::vector<double> square, excess, error;
    double variance = 0;
    for (const double sigma : {0.0, 1.0}) {
      p.target.noise = sigma;
      analysis::Predictions f;
      const core::PointCloud test = solvers::make_cloud(p, 3, {1024, 0, 0, true}, self);
      for (std::uint64_t r = 0; r < 6; ++r) {
        const core::PointCloud train = solvers::make_cloud(p, 3, {p.points, r, 0, false}, self);
        f.push_back(learner->learn({train, test, 3, r}, p.points).predicted);
      }
      const analysis::LossParts parts = analysis::loss_parts(f, test.target);
      if (sigma > 0)
        CHECK(std::abs(parts.variance - sigma * sigma / static_cast<double>(k)) < 5 * parts.variance_error);
      square.push_back(sigma * sigma);
      excess.push_back(parts.excess());
      error.push_back(parts.excess_error);
      double mean = 0;
      variance = 0;
      for (const double v : test.target)
        mean += v / static_cast<double>(test.size());
      for (const double v : test.target)
        variance += (v - mean) * (v - mean) / static_cast<double>(test.size());
    }
    CHECK(analysis::noise_line(square, excess, error).threshold(variance) ==
          Approx(1 / static_cast<double>(k)).epsilon(0.1));
  }
}
