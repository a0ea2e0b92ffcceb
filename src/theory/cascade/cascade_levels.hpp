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
/// Other orders: a place whose deepest alive level is i has the residual variance V_i(s) = sum_(l<=i) A_l^2 R_l(s) and
/// the fourth cumulant sum_(l,l'<=i) A_l^2 A_l'^2 C_ll'(s) = k_i V_i^2, with the C of cell_moments.hpp (every eddy of
/// the cell alive down to level i). To first order in the excess flatness k_i (Gram-Charlier; exact for q = 4)
///   E_q(s) = const sum_i (phi_i - phi_(i+1)) V_i(s)^(q/2) (1 + q (q - 2) k_i/24)
/// (over i >= j and divided by phi_j on the active set), which is the exact sum for q = 2. For increments C is
/// diagonal, the square of the bracket times K_l - 3, K_l the flatness of one eddy's samples; two eddies of a level
/// meet in an increment where these are smaller than r, which halves it.
class CascadeLevels final : public FiniteSize {
public:
  CascadeLevels(int dimensions, std::int64_t points, int levels);
  std::string name() const override { return "sum over levels with counted activity"; }
  std::vector<double> loss(double hurst, double order, int degree, bool active, std::span<const std::int64_t> sides,
                           const Activity& activity) const override;
  std::vector<double> increment(double hurst, double order, std::span<const std::int64_t> separations,
                                const Activity& activity) const override;
  double missing_variance(double hurst, const Activity& activity, double decay) const override;
  /// The same sum with 40 more levels of whole eddies, their activity continued by `decay`, over the sum as it is.
  std::vector<double> completion(double hurst, double order, int degree, std::span<const std::int64_t> sides,
                                 const Activity& activity, double decay) const override;

private:
  struct Eddy { ///< samples at one level
    std::vector<double> window, wave;
    double window_square, wave_square;
    double excess; ///< flatness minus 3 of the eddy's samples
  };
  double compute_residual(int level, std::int64_t side, int degree) const;
  double compute_increment(int level, std::int64_t separation) const;
  double residual(int level, std::int64_t side, int degree) const;
  /// What the sum over depths needs of one level.
  struct Level {
    double term;     ///< R_l, or the bracket of S_2
    double excess;   ///< K_l - 3, halved where eddies come in pairs; not used where there are cumulants
    double fraction; ///< phi_l
  };
  /// `cumulants`: C row by row for the first levels, as many as the root of its size; deeper ones are diagonal.
  static double over_depths(double hurst, double order, int first, const std::vector<Level>& levels,
                            const std::vector<double>& cumulants);
  void compute_cumulants(std::int64_t side);
  const std::vector<double>& cumulants(std::int64_t side, int degree) const;
  std::vector<Level> loss_levels(std::int64_t side, int degree, const Activity& activity) const;
  int level_of(std::int64_t side) const; ///< -log2(side / n), not beyond the last level
  double fraction(int level, const Activity& activity) const;

  int dimensions_;
  std::int64_t points_;
  std::vector<Eddy> eddies_;
  std::map<std::pair<std::int64_t, int>, std::vector<double>> residuals_; ///< (side, degree) -> R_l
  std::map<std::pair<std::int64_t, int>, std::vector<double>> cumulants_; ///< (side, degree) -> C
  std::map<std::int64_t, std::vector<double>> increments_;                ///< separation -> bracket of S_2 by level
};

} // namespace cascade::theory
