#include "analysis/blind/block_noise.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cascade::analysis {
namespace {

using Vector = Eigen::VectorXd;
using Eigen::Index;

/// Weights 1/2, 1, 1/2 along the axis whose neighbours lie `stride` apart, all realisations.
Vector smoothed(const Vector& x, Index stride, Index per_side) {
  Vector result(x.size());
  for (Index b = 0; b < x.size(); ++b) {
    const Index place = b / stride % per_side;
    const Index before = b + ((place + per_side - 1) % per_side - place) * stride;
    const Index after = b + ((place + 1) % per_side - place) * stride;
    result(b) = x(b) + 0.5 * (x(before) + x(after));
  }
  return result;
}

Vector with_neighbours(Vector x, const BlockGrid& grid) {
  Index stride = 1;
  for (int a = 0; a < grid.dimensions; ++a, stride *= grid.per_side)
    x = smoothed(x, stride, grid.per_side);
  return x;
}

double normalisation(const BlockGrid& grid) {
  const auto blocks = static_cast<double>(grid.count());
  return 1 / (blocks * blocks * (1 - std::ldexp(1.0, grid.dimensions) / blocks));
}

} // namespace

Index BlockGrid::count() const {
  Index result = realisations;
  for (int a = 0; a < dimensions; ++a)
    result *= per_side;
  return result;
}

Eigen::MatrixXd block_influences(const BlockTable& table, std::size_t first, std::size_t last) {
  Eigen::MatrixXd result(static_cast<Index>(last - first), static_cast<Index>(table.blocks()));
  for (std::size_t i = first; i < last; ++i) {
    double sum = 0, weight = 0;
    for (std::size_t b = 0; b < table.blocks(); ++b) {
      sum += table.sum[b][i];
      weight += table.weight[b][i];
    }
    const double mean = sum / weight, scale = static_cast<double>(table.blocks()) / sum;
    for (std::size_t b = 0; b < table.blocks(); ++b)
      result(static_cast<Index>(i - first), static_cast<Index>(b)) =
          (table.sum[b][i] - mean * table.weight[b][i]) * scale;
  }
  return result;
}

double hac_covariance(const Vector& x, const Vector& y, const BlockGrid& grid) {
  return 0.5 * (x.dot(with_neighbours(y, grid)) + y.dot(with_neighbours(x, grid))) * normalisation(grid);
}

double hac_variance(const Vector& x, const BlockGrid& grid) {
  const auto blocks = static_cast<double>(grid.count());
  return std::max(hac_covariance(x, x, grid), 0.5 * x.squaredNorm() / (blocks * blocks));
}

Vector own_noise(const Eigen::MatrixXd& influences, const Vector& gaussian, const Vector& wavenumbers,
                 const BlockGrid& grid, double floor) {
  constexpr double ridge = 0.02, least = 0.05;
  const Index resolved = influences.rows();
  if (resolved < 3)
    return Vector::Ones(gaussian.size());
  const Vector log_k = wavenumbers.array().log();
  std::vector<double> place, excess;
  for (const Index lag : {Index{1}, Index{2}})
    for (Index i = 0; i + lag < resolved; ++i) {
      const double g = gaussian(i), h = gaussian(i + lag);
      const auto seen = [&](Index j) {
        return 1 - 0.3 * std::pow(std::min(2.7 * grid.per_side / wavenumbers(j), 2.7), 0.6);
      };
      const double expected = g * seen(i) + h * seen(i + lag);
      const Vector difference = (influences.row(i) - influences.row(i + lag)).transpose();
      excess.push_back(std::log(std::max(hac_variance(difference, grid) / expected, least)));
      place.push_back((log_k(i) * g + log_k(i + lag) * h) / (g + h));
    }
  const auto n = static_cast<Index>(place.size());
  const auto [low, high] = std::minmax_element(place.begin(), place.end());
  const Vector x = Eigen::Map<const Vector>(place.data(), n), y = Eigen::Map<const Vector>(excess.data(), n);
  const Vector centred = x.array() - x.mean();
  const double slope = centred.dot(y) / (centred.squaredNorm() + ridge * static_cast<double>(n));
  Vector factor(gaussian.size());
  for (Index i = 0; i < factor.size(); ++i)
    factor(i) = std::max(floor, std::exp(y.mean() + slope * (std::clamp(log_k(i), *low, *high) - x.mean())));
  return factor;
}

double block_freedom(const Vector& influences) {
  const Vector centred = influences.array() - influences.mean();
  const double variance = centred.squaredNorm() / static_cast<double>(centred.size());
  if (!(variance > 0))
    return static_cast<double>(centred.size()); // blocks that are all alike
  const double fourth = centred.array().square().square().mean();
  const double kurtosis = fourth / (variance * variance);
  return std::max(2.0, 2 * static_cast<double>(centred.size()) / (kurtosis - 1));
}

} // namespace cascade::analysis
