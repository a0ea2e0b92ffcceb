// Losses on cells of points: brute force over pairs, and exponents of exact expectations.

#include "analysis/fit/cells_of_points.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>

using namespace cascade;

namespace {

/// Half the mean of |i - j|^a over all pairs of points of a cell.
double brute(int dimensions, int m, double a) {
  const int points = static_cast<int>(std::lround(std::pow(m, dimensions)));
  double sum = 0;
  for (int i = 0; i < points; ++i)
    for (int j = 0; j < points; ++j) {
      double square = 0;
      for (int axis = 0, p = i, q = j; axis < dimensions; ++axis, p /= m, q /= m)
        square += std::pow(p % m - q % m, 2);
      sum += square > 0 ? std::pow(square, a / 2) : 0;
    }
  return sum / 2 / points / points;
}

/// Mean square that linear functions leave on a cell, by taking them out of every column of minus half the distances.
double brute_linear(int dimensions, int m, double a) {
  const int points = static_cast<int>(std::lround(std::pow(m, dimensions)));
  const auto coordinate = [m](int point, int axis) {
    for (; axis > 0; --axis)
      point /= m;
    return static_cast<double>(point % m);
  };
  Eigen::MatrixXd design = Eigen::MatrixXd::Ones(points, 1 + dimensions), covariance(points, points);
  for (int i = 0; i < points; ++i)
    for (int axis = 0; axis < dimensions; ++axis)
      design(i, 1 + axis) = coordinate(i, axis);
  for (int i = 0; i < points; ++i)
    for (int j = 0; j < points; ++j)
      covariance(i, j) = i == j ? 0 : -0.5 * std::pow((design.row(i) - design.row(j)).norm(), a);
  const Eigen::MatrixXd left = covariance - design * design.colPivHouseholderQr().solve(covariance);
  return left.trace() / points;
}

} // namespace

TEST_CASE("Shares of points under linear functions are those of the projected covariance", "[fit]") {
  for (const int dimensions : {1, 2, 3})
    for (const double a : {0.2, 1.0, 1.7})
      for (const int m : {3, 5}) {
        const double ratio =
            analysis::share_of_points(dimensions, m, a, 1) / analysis::share_of_points(dimensions, 4, a, 1);
        CHECK(ratio == Approx(brute_linear(dimensions, m, a) / brute_linear(dimensions, 4, a) * std::pow(4.0 / m, a))
                           .epsilon(1e-10));
      }
  const auto cells = analysis::cells_of_points(2, {2, 4}, 0.8, 1);
  CHECK(cells.share[0] == 1); // not fitted
  CHECK(cells.share[1] / cells.pedestal[1] == Approx(1 - 3.0 / 16));
}

TEST_CASE("Shares of points are ratios of sums over pairs", "[fit]") {
  for (const int dimensions : {1, 2, 3})
    for (const double a : {0.2, 1.0, 1.7})
      for (const int m : {2, 3, 6}) {
        const double ratio = analysis::share_of_points(dimensions, m, a) / analysis::share_of_points(dimensions, 4, a);
        CHECK(ratio == Approx(brute(dimensions, m, a) / brute(dimensions, 4, a) * std::pow(4.0 / m, a)).epsilon(1e-12));
      }
  // A continuous cell in one dimension: 1/((a + 1)(a + 2)).
  for (const double a : {0.2, 1.0, 1.7})
    for (const int m : {2, 16, 64})
      CHECK(analysis::share_of_points(1, m, a) ==
            Approx(brute(1, m, a) * (a + 1) * (a + 2) * std::pow(m, -a)).epsilon(1e-4));
  CHECK(analysis::share_of_points(3, 1 << 20, 1) == Approx(1));
  CHECK(analysis::share_of_points(1, 1024, 0.5) == Approx(analysis::share_of_points(1, 512, 0.5)).epsilon(1e-4));
}

TEST_CASE("A pedestal enters through pairs of different points", "[fit]") {
  const auto cells = analysis::cells_of_points(2, {1, 2, 4}, 0.8);
  REQUIRE(cells.share.size() == 3);
  CHECK(cells.share[0] == 1);
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
    const double m = i == 1 ? 2 : 4;
    // E_m = 1/2 mean over pairs of (r^a - 2 P [r > 0]) is c m^a g_m - P (1 - 1/m^2).
    CHECK(cells.share[i] / cells.pedestal[i] == Approx(1 - 1 / (m * m)));
  }
}
