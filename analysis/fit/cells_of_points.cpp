#include "analysis/fit/cells_of_points.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

/// Pairs of points of a line of m at distance d, in both orders, each times the product of what is taken at the two:
/// one, or their coordinates from the middle.
double pairs_at(std::int64_t m, std::int64_t d, bool coordinates) {
  double sum = static_cast<double>(m - d);
  if (coordinates) {
    sum = 0;
    const double middle = 0.5 * static_cast<double>(m - 1);
    for (std::int64_t i = 0; i + d < m; ++i)
      sum += (static_cast<double>(i) - middle) * (static_cast<double>(i + d) - middle);
  }
  return d == 0 ? sum : 2 * sum;
}

/// Sum over pairs of points of a cell of |i - j|^a, or of that times the product of their coordinates along one axis.
double pair_sum(int dimensions, std::int64_t m, double exponent, bool coordinates) {
  const std::int64_t second = dimensions > 1 ? m : 1, third = dimensions > 2 ? m : 1;
  double sum = 0;
  for (std::int64_t i = 0; i < m; ++i) {
    const double along = pairs_at(m, i, coordinates);
    for (std::int64_t j = 0; j < second; ++j)
      for (std::int64_t k = 0; k < third; ++k) {
        const double w =
            along * (dimensions > 1 ? pairs_at(m, j, false) : 1) * (dimensions > 2 ? pairs_at(m, k, false) : 1);
        const auto square = static_cast<double>(i * i + j * j + k * k);
        sum += square > 0 ? w * std::pow(square, exponent / 2) : 0;
      }
  }
  return sum;
}

/// e_m m^-a.
double loss_of_points(int dimensions, std::int64_t m, double exponent, int degree) {
  const auto side = static_cast<double>(m);
  const double points = std::pow(side, dimensions);
  double sum = pair_sum(dimensions, m, exponent, false) / points;
  if (degree > 0) {
    const double square = points * (side * side - 1) / 12; // of the coordinates along one axis
    sum += dimensions * pair_sum(dimensions, m, exponent, true) / square;
  }
  return 0.5 * sum / points / std::pow(side, exponent);
}

} // namespace

double share_of_points(int dimensions, std::int64_t points, double exponent, int degree) {
  // The lattice sum of |d|^a lacks the point d = 0, which is m^(-D - a) of it, and has corners at the axes, m^-2.
  const double decay = dimensions == 1 ? 1 + exponent : 2;
  const std::int64_t most = dimensions == 1 ? 512 : 16;
  const double half = loss_of_points(dimensions, most / 2, exponent, degree),
               whole = loss_of_points(dimensions, most, exponent, degree);
  const double limit = (std::exp2(decay) * whole - half) / (std::exp2(decay) - 1);
  if (points <= most)
    return loss_of_points(dimensions, points, exponent, degree) / limit;
  return 1 + (whole / limit - 1) * std::pow(static_cast<double>(most) / static_cast<double>(points), decay);
}

CellsOfPoints cells_of_points(int dimensions, const std::vector<std::int64_t>& sides, double exponent, int degree) {
  CellsOfPoints cells;
  const double fitted = 1 + dimensions * degree;
  for (const std::int64_t m : sides) {
    const bool seen = m > degree + 1; // on fewer the polynomials leave nothing
    cells.share.push_back(seen ? share_of_points(dimensions, m, exponent, degree) : 1);
    cells.pedestal.push_back(seen ? cells.share.back() / (1 - fitted * std::pow(static_cast<double>(m), -dimensions))
                                  : 1);
  }
  return cells;
}

} // namespace cascade::analysis
