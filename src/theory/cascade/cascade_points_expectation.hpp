#pragma once
// Exact second-order expectations of a cascade that is evaluated point by point.

#include "theory/expectation.hpp"

namespace cascade::theory {

/// Sums over the levels l = 0 .. levels-1 of the point view, beta = 2^(d - D), A_l = 2^(-l h), scales r = s = 2^-j;
/// docs/theory.md (34d), (34e):
///   S_2(r)     = sum_l A_l^2 beta^l [Delta_v(2^l r)/D + (1 - 1/D) Delta_w(2^l r)],
///                Delta = increment_square, periodic at l = 0,
///   E_volume   = sum_l A_l^2 beta^l R_l,
///   E_active   = sum_(l<=j) A_l^2 R_l + sum_(l>j) A_l^2 beta^(l-j) R_l,            R_l = lattice_residual(D, j - l).
/// Unconditional: nobody counts all cells of a sampled tree. Orders other than 2: nullopt.
class CascadePointsExpectation final : public Expectation {
public:
  CascadePointsExpectation(int dimensions, double dimension, double hurst, int levels, int lattice);
  std::string name() const override { return "sum over the levels of the point view"; }
  Values increment(const std::string& component, double order, std::span<const double> separations,
                   const Activity* counts) const override;
  Values loss(double order, int degree, bool active, std::span<const double> sides,
              const Activity* counts) const override;
  Values spectrum(const Activity*) const override { return {}; }
  Values cells(std::span<const double> sides) const override;

private:
  double variance(int level) const; ///< A_l^2

  int dimensions_;
  double dimension_, hurst_;
  int levels_, lattice_;
};

} // namespace cascade::theory
