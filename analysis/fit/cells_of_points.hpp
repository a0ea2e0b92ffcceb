#pragma once
// What it does to a loss that cells hold a number of points and not all of space.

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// The mean-square error of polynomials of a degree, 0 or 1, on cells of m^D points of a field with S_2(r) = r^a is
///   e_m = tr(H |i - j|^a)/(2 m^D),    H the projection on the polynomials,
/// that of constants the mean over pairs of points of |i - j|^a / 2, pairs of a point with itself included; of a
/// continuous cell it is proportional to m^a. This is e_m/(c m^a), which goes to one as 1 + k/m^2 (D = 1: k/m^(1 + a)).
/// Of constants on cells of two points a side in three dimensions it is .86 for a = 1. 0 < a < 2. Sums of 16^D terms (D
/// = 1: 512). Local.
double share_of_points(int dimensions, std::int64_t points, double exponent, int degree = 0);

/// share_of_points() for every side, and what a missing variance P below the grid scale has to be divided by beside
/// losses that were divided by it: P enters as P (1 - p m^-D), p polynomials. Sides on which these leave nothing: 1.
struct CellsOfPoints {
  std::vector<double> share, pedestal;
};
CellsOfPoints cells_of_points(int dimensions, const std::vector<std::int64_t>& sides, double exponent, int degree = 0);

} // namespace cascade::analysis
