#include "analysis/reference_methods/monte_carlo.hpp"
#include "analysis/reference_methods/noisy_samples.hpp"
#include "analysis/reference_methods/poisson.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace cascade;
using namespace cascade::analysis;

TEST_CASE("Poisson: second order in one, two and three dimensions") {
  for (const int dimensions : {1, 2, 3}) {
    const auto errors = poisson_errors(dimensions, 8, 40000);
    CHECK(errors.size() >= 3);
    const Order order = observed_order(errors);
    CHECK(order.value == Approx(2).margin(0.002)); // what is left of the next order after Richardson's step
    CHECK(errors.back().unknowns == std::pow(errors.back().cells - 1, dimensions));
  }
}

TEST_CASE("Monte Carlo: the mean squared error is variance/n, at any rank count", "[mpi]") {
  const auto world = core::Communicator::world();
  for (const int dimensions : {1, 3}) {
    const BlockTable all = monte_carlo_errors(dimensions, 16, 4, 2000, 3, world);
    const BlockTable alone = monte_carlo_errors(dimensions, 16, 4, 2000, 3, core::Communicator::self());
    CHECK(all.sum == alone.sum);
    const double variance = std::pow(std::numbers::pi * std::numbers::pi / 8, dimensions) - 1;
    const auto mean = all.mean();
    for (std::size_t j = 0; j < all.points();
         ++j) // 5 standard errors; a squared normal has variance 2, here a little more
      CHECK(mean[j] * all.x[j] / variance == Approx(1).margin(5 * std::sqrt(3.0 / 2000)));
  }
}

TEST_CASE("noisy samples: irreducible, bias and variance are what they must be") {
  std::vector<double> field(256);
  for (std::size_t i = 0; i < field.size(); ++i)
    field[i] = std::sin(0.05 * static_cast<double>(i));
  const double sigma = 0.5;
  const std::int64_t repeats = 4000;
  const auto losses = noisy_losses(field, sigma, {1, 4, 16}, repeats, {7, measurement_noise}, 0);
  for (const NoisyLoss& l : losses) {
    const auto members = static_cast<std::size_t>(256 / l.pieces);
    double bias = 0;
    for (std::size_t c = 0; c < field.size(); c += members) {
      double mean = 0;
      for (std::size_t i = c; i < c + members; ++i)
        mean += field[i] / static_cast<double>(members);
      for (std::size_t i = c; i < c + members; ++i)
        bias += (field[i] - mean) * (field[i] - mean) / 256;
    }
    const double variance = sigma * sigma * static_cast<double>(l.pieces) / 256;
    // 5 standard errors: mean of repeats (times pieces, times points) squared normals
    CHECK(l.variance == Approx(variance).epsilon(5 * std::sqrt(2.0 / static_cast<double>(repeats * l.pieces))));
    CHECK(l.bias == Approx(bias).margin(5 * variance / static_cast<double>(repeats)));
    CHECK(l.irreducible == Approx(sigma * sigma).epsilon(5 * std::sqrt(2.0 / (256.0 * repeats))));
    const double spread =
        std::sqrt((2 * std::pow(sigma, 4) + 4 * sigma * sigma * (bias + variance)) / (256.0 * repeats) +
                  2 * variance * variance / static_cast<double>(repeats * l.pieces));
    CHECK(l.loss == Approx(sigma * sigma + bias + variance).margin(5 * spread));
  }
}
