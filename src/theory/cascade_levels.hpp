#pragma once
// Finite-size curves of a cascade of eddies: sums over levels. docs/theory.md, "Exact finite-size expectation".

#include "theory/finite_size.hpp"

#include <map>
#include <utility>

namespace cascade::theory {

/// Different eddies have independent signs, so order-2 means add level by level. With A_l = 2^(-l h), phi_l = N_l/2^(D
/// l) the active fraction as counted, m = n/2^l points per eddy and side, w and v the samples of window and wave at
/// cell centres, e their mean squares:
///   S_2(r)      = sum_l A_l^2 phi_l 2 [e_v e_w^(D-1) - c_v(r) e_w^(D-1)/D - ((D-1)/D) c_w(r) e_v e_w^(D-2)],
///   E_volume(s) = sum_l A_l^2 phi_l R_l(s),
///   E_active(s) = sum_(l<=j) A_l^2 R_l + sum_(l>j) A_l^2 (N_l 2^(-D(l-j))/N_j) R_l,                  s = 2^-j,
/// c(r) = (1/m) sum_(i<m-r) p_i p_(i+r) (circular at level 0), and R_l the part of an eddy's mean square that
/// polynomials on cells of side s cannot follow, from its projections on the cell's Gram polynomials.
class CascadeLevels final : public FiniteSize {
public:
  CascadeLevels(int dimensions, std::int64_t points, int levels);
  std::string name() const override { return "sum over levels with counted activity"; }
  std::vector<double> squared_loss(double hurst, int degree, bool active, std::span<const std::int64_t> sides,
                                   const Activity& activity) const override;
  std::vector<double> squared_increment(double hurst, std::span<const std::int64_t> separations,
                                        const Activity& activity) const override;
  double missing_variance(double hurst, const Activity& activity, double decay) const override;

private:
  struct Eddy { ///< samples at one level
    std::vector<double> window, wave;
    double window_square, wave_square;
  };
  double compute_residual(int level, std::int64_t side, int degree) const;
  double compute_increment(int level, std::int64_t separation) const;
  double residual(int level, std::int64_t side, int degree) const;
  double fraction(int level, const Activity& activity) const;

  int dimensions_;
  std::int64_t points_;
  std::vector<Eddy> eddies_;
  std::map<std::pair<std::int64_t, int>, std::vector<double>> residuals_; ///< (side, degree) -> R_l
  std::map<std::int64_t, std::vector<double>> increments_;                ///< separation -> bracket of S_2 by level
};

} // namespace cascade::theory
