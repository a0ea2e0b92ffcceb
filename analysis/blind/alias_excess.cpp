#include "analysis/blind/alias_excess.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace cascade::analysis {
namespace {

struct WeighedDirection {
  std::array<double, 3> unit;
  double weight;
};

/// Directions of one octant (the others are its mirror images), weights adding up to one.
std::vector<WeighedDirection> octant_directions(int dimensions) {
  constexpr int angles = 16, across = 8;
  std::vector<WeighedDirection> result;
  if (dimensions == 1)
    return {{{0, 0, 1}, 1}};
  if (dimensions == 2) {
    for (int i = 0; i < angles; ++i) {
      const double angle = (i + 0.5) / angles * std::numbers::pi / 4; // the diagonal is a mirror too
      result.push_back({{0, std::sin(angle), std::cos(angle)}, 1.0 / angles});
    }
    return result;
  }
  double total = 0;
  for (int i = 0; i < across; ++i)
    for (int j = 0; j < across; ++j) {
      const double u = (i + 0.5) / across, v = (j + 0.5) / across, length = std::sqrt(1 + u * u + v * v);
      result.push_back({{u / length, v / length, 1 / length}, 1 / (length * length * length)});
      total += result.back().weight;
    }
  for (WeighedDirection& direction : result)
    direction.weight /= total;
  return result;
}

/// Sum over m of (|k + n m|/|k|)^-beta, k = n q.
double images_of(const std::array<double, 3>& q, int dimensions, double beta) {
  const double own = q[0] * q[0] + q[1] * q[1] + q[2] * q[2];
  const int outer = dimensions > 2 ? 1 : 0, inner = dimensions > 1 ? 1 : 0;
  double sum = 0;
  for (int a = -outer; a <= outer; ++a)
    for (int b = -inner; b <= inner; ++b)
      for (int c = -1; c <= 1; ++c) {
        const double x = q[0] + a, y = q[1] + b, z = q[2] + c;
        sum += std::pow((x * x + y * y + z * z) / own, -beta / 2);
      }
  return sum;
}

} // namespace

double alias_excess(const ShellBins& bins, std::size_t shell, double beta) {
  constexpr std::size_t most_nodes = 8;
  const int dimensions = bins.domain().dimensions();
  const auto& nodes = bins[shell].nodes;
  const std::size_t step = (nodes.size() + most_nodes - 1) / most_nodes;
  const auto directions = octant_directions(dimensions);
  double sum = 0, total = 0;
  for (std::size_t i = step / 2; i < nodes.size(); i += step) {
    const double weight = nodes[i].count * std::exp(-beta * (nodes[i].log_k - std::log(bins[shell].wavenumber)));
    const double q = std::exp(nodes[i].log_k) * bins.domain().spacing();
    for (const WeighedDirection& direction : directions) {
      const std::array<double, 3> k{q * direction.unit[0], q * direction.unit[1], q * direction.unit[2]};
      sum += weight * direction.weight * images_of(k, dimensions, beta);
    }
    total += weight;
  }
  return std::log(sum / total);
}

} // namespace cascade::analysis
