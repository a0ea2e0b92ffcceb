#include "analysis/fit/cells_of_points.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

/// e_m m^-a.
double loss_of_points(int dimensions, std::int64_t m, double exponent) {
  const auto weight = [m](std::int64_t d) { return static_cast<double>(d == 0 ? m : 2 * (m - d)); };
  const std::int64_t second = dimensions > 1 ? m : 1, third = dimensions > 2 ? m : 1;
  double sum = 0;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < second; ++j)
      for (std::int64_t k = 0; k < third; ++k) {
        const double w = weight(i) * (dimensions > 1 ? weight(j) : 1) * (dimensions > 2 ? weight(k) : 1);
        const auto square = static_cast<double>(i * i + j * j + k * k);
        sum += square > 0 ? w * std::pow(square, exponent / 2) : 0;
      }
  const auto side = static_cast<double>(m);
  return 0.5 * sum / std::pow(side, 2 * dimensions + exponent);
}

} // namespace

double share_of_points(int dimensions, std::int64_t points, double exponent) {
  // The lattice sum of |d|^a lacks the point d = 0, which is m^(-D - a) of it, and has corners at the axes, m^-2.
  const double decay = dimensions == 1 ? 1 + exponent : 2;
  const std::int64_t most = dimensions == 1 ? 512 : 16;
  const double half = loss_of_points(dimensions, most / 2, exponent),
               whole = loss_of_points(dimensions, most, exponent);
  const double limit = (std::exp2(decay) * whole - half) / (std::exp2(decay) - 1);
  if (points <= most)
    return loss_of_points(dimensions, points, exponent) / limit;
  return 1 + (whole / limit - 1) * std::pow(static_cast<double>(most) / static_cast<double>(points), decay);
}

CellsOfPoints cells_of_points(int dimensions, const std::vector<std::int64_t>& sides, double exponent) {
  CellsOfPoints cells;
  for (const std::int64_t m : sides) {
    cells.share.push_back(m > 1 ? share_of_points(dimensions, m, exponent) : 1);
    cells.pedestal.push_back(m > 1 ? cells.share.back() / (1 - std::pow(static_cast<double>(m), -dimensions)) : 1);
  }
  return cells;
}

} // namespace cascade::analysis
