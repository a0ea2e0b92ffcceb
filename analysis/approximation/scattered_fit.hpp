#pragma once
// Least-squares polynomials on points scattered in a cell, in any number of dimensions.

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

namespace cascade::analysis {

/// Polynomials of total degree <= 2 in the cell's own coordinates u in [-1, 1)^D, fitted to n scattered points, and the
/// errors they make at points they were not fitted to. With Q the orthonormal basis of the polynomials of degree <= k
/// on the points (Cholesky of the Gram matrix), e = f - Q^T Q f the residual and H_i = sum_a Q_ai^2 the leverage of
/// point i, the error at i of the polynomial fitted to all other points is exactly
///     e_i / (1 - H_i)                                      (leave one out; Allen's PRESS, Technometrics 16 (1974)
///     125).
/// A residual at the fitted points would be too small by the part 1 - terms/n of its square, and zero for n = terms;
/// this one is too large by about 1 + terms/n, the noise a fit to n points has. Neither changes with the cell's side.
/// Owns its buffers; local.
class ScatteredFit {
public:
  ScatteredFit(int dimensions, int highest_degree, int points);
  /// (D + k)! / (D! k!): coefficients of a polynomial of total degree <= k in D variables.
  static std::size_t terms(int dimensions, int degree);
  int points() const { return points_; }
  /// u[i*D + a]: axis a of point i. Makes the bases of all degrees.
  void set_points(std::span<const double> u);
  /// errors[i] = leave-one-out error at point i of the polynomial of this degree, from the values at all points.
  void errors(std::span<const double> values, int degree, std::span<double> errors) const;

private:
  int dimensions_, degree_, points_;
  Eigen::MatrixXd basis_; ///< [term][point], orthonormal rows, lower degrees first
  Eigen::MatrixXd gram_;
};

} // namespace cascade::analysis
