#pragma once
// Discrete orthonormal polynomials on equally spaced points.

#include <cstdint>
#include <span>
#include <vector>

namespace cascade::theory {

/// Gram (discrete Chebyshev) polynomials g_0 ... g_degree of the points i = 0 ... points-1:
///   sum_i g_a(i) g_b(i) = delta_ab,   g_d = p_d / sqrt(|p_d|^2),
///   p_(d+1) = t p_d - beta_d p_(d-1),   t = i - (s-1)/2,   beta_d = d^2 (s^2 - d^2) / (4 (4 d^2 - 1)),   s = points,
/// so that the least-squares polynomial of f is sum_d g_d sum_i g_d(i) f(i), and in D dimensions the products with
/// total degree <= k do the same. Requires degree < points. Value, local. Reference: M. Abramowitz, I. A. Stegun,
/// Handbook of Mathematical Functions, 22.17.
class GramBasis {
public:
  GramBasis(std::int64_t points, int degree);
  int degree() const { return degree_; }
  /// Values at the points [first, first + count), out[d * count + i] = g_d(first + i): a slice, so that a cell larger
  /// than what a rank holds needs no table of its own size.
  std::vector<double> slice(std::int64_t first, std::int64_t count) const;

private:
  std::int64_t points_;
  int degree_;
  std::vector<double> beta_; ///< beta_1 ... beta_degree at index d
  std::vector<double> norm_; ///< |p_d|
};

} // namespace cascade::theory
