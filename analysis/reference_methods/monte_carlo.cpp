#include "analysis/reference_methods/monte_carlo.hpp"

#include "analysis/reference_methods/measurement_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::analysis {
namespace {

/// Many more blocks than sizes: the covariance of 11 sizes from 20 blocks is so uncertain that T^2 per degree of
/// freedom comes out at 2 on average, and at 10 by bad luck; from 100 blocks at 1.1.
constexpr std::int64_t most_blocks = 100;

double quadrature(int dimensions, std::int64_t points, const core::CounterRng& rng, std::uint64_t repeat) {
  double sum = 0;
  for (std::int64_t i = 0; i < points; ++i) {
    const core::Block bits = rng.block(repeat, static_cast<std::uint32_t>(i));
    double f = 1;
    for (int axis = 0; axis < dimensions;
         ++axis) // 32 random bits a coordinate: a lattice far finer than any error here
      f *= std::numbers::pi / 2 *
           std::sin(std::numbers::pi * (static_cast<double>(bits[static_cast<std::size_t>(axis)]) + 0.5) * 0x1p-32);
    sum += f;
  }
  return sum / static_cast<double>(points);
}

} // namespace

BlockTable monte_carlo_errors(int dimensions, std::int64_t fewest, std::int64_t doublings, std::int64_t repeats,
                              std::uint64_t seed, const core::Communicator& communicator) {
  const auto points = static_cast<std::size_t>(doublings) + 1;
  const std::int64_t blocks = std::min(most_blocks, repeats);
  BlockTable table;
  table.count.assign(points, static_cast<double>(repeats));
  table.sum.assign(static_cast<std::size_t>(blocks), std::vector<double>(points, 0));
  table.weight.assign(static_cast<std::size_t>(blocks), std::vector<double>(points, 0));
  for (std::size_t j = 0; j < points; ++j) {
    const std::int64_t n = fewest << j;
    table.x.push_back(static_cast<double>(n));
    const core::CounterRng rng(seed + 0x9E3779B97F4A7C15ull * (j + 1), measurement_noise);
    std::vector<core::ExactSum> sums(static_cast<std::size_t>(blocks));
    for (std::int64_t r = communicator.rank(); r < repeats; r += communicator.size()) {
      const double error = quadrature(dimensions, n, rng, static_cast<std::uint64_t>(r)) - 1;
      sums[static_cast<std::size_t>(r % blocks)].add(error * error);
    }
    communicator.sum(std::span<core::ExactSum>(sums));
    for (std::size_t b = 0; b < sums.size(); ++b) {
      table.sum[b][j] = sums[b].value();
      table.weight[b][j] = static_cast<double>((repeats - static_cast<std::int64_t>(b) + blocks - 1) / blocks);
    }
  }
  return table;
}

} // namespace cascade::analysis
