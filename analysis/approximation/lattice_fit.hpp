#pragma once
// Least-squares polynomials on a small lattice of points, in any dimension.

#include <span>
#include <vector>

namespace cascade::analysis {

/// Polynomials of total degree <= 2 on the m^D lattice of a cell, orthonormal under the sum over its points (products
/// of one-dimensional Gram polynomials). Because a shift of the lattice maps these polynomials onto themselves, one
/// basis serves every cell and every offset. Degree k needs m > k points a side. Immutable, local.
class LatticeFit {
public:
  LatticeFit(int dimensions, int points_per_side, int highest_degree);
  std::size_t points() const { return points_; }
  /// Number of the polynomials of total degree <= `degree` in D dimensions.
  static double terms(int dimensions, int degree);
  /// Replaces residual(degree k - 1) by residual(degree k): subtracts the projection on the polynomials of degree
  /// exactly `degree`. Call with 0, 1, 2 in turn, starting from the values themselves; values in lattice order, last
  /// axis fastest.
  void subtract_degree(int degree, std::span<double> values) const;

private:
  std::size_t points_;
  std::vector<std::vector<std::vector<double>>> basis_; ///< [degree][polynomial][point]
};

} // namespace cascade::analysis
