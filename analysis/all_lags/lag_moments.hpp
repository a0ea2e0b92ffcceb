#pragma once
// The algebra of increments at every lag: which products of powers make a moment, and which moments a component.

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Exponents of the components of a field in a product of powers; u_a^e_a, one entry for a scalar.
using Powers = std::array<int, 3>;
inline int degree_of(const Powers& p) {
  return p[0] + p[1] + p[2];
}
/// All of this degree, in a fixed order.
std::vector<Powers> powers_of_degree(int components, int degree);

/// One correlation in a moment of increments: coefficient times the real part (of an even moment) or the imaginary part
/// (of an odd one) of F_later conj(F_earlier), F the transforms of products of powers, `window` that of one.
struct LagTerm {
  static constexpr std::size_t window = static_cast<std::size_t>(-1);
  std::size_t later, earlier; ///< places in LagMoments::inputs
  double coefficient;
};

/// M_alpha(l) = sum_x prod_a (u_a(x + l) - u_a(x))^alpha_a, x and x + l in the box. By the binomial theorem its
/// transform is sum_(beta <= alpha) (prod_a C(alpha_a, beta_a)) (-1)^|alpha - beta| F_beta conj(F_(alpha - beta)),
/// twice a sum of real parts where |alpha| is even and 2i times one of imaginary parts where it is odd.
/// With holes all products are taken times m, one where a value is known and zero elsewhere: M_alpha is then the sum
/// over the pairs of which both are known, F_0 is the transform of m in place of that of the window, and |F_0|^2 is the
/// spectrum of the number of these pairs, the moment of degree 0.
struct LagMoments {
  std::vector<Powers> inputs;  ///< products of powers to transform, by degree; degree 0 (m) with holes alone
  std::vector<Powers> outputs; ///< moments, by degree; the number of pairs first, with holes alone
  std::vector<std::vector<LagTerm>> terms;
  LagMoments(int components, const std::vector<int>& degrees, bool holes = false);
  std::size_t output(const Powers& alpha) const;
};

/// c M_alpha(l) prod_a l_a^e_a / |l|^|e|.
struct LagPart {
  std::size_t moment;
  Powers direction;
  double coefficient;
};

/// What is reported of an order p: of a scalar the moment itself; of a vector, with u_L the increment along the lag and
/// u_T the rest of it,
///   longitudinal  < u_L^p >,
///   transverse    < (u_T.t)^p > over directions t across the lag, p even: |u_T|^p times 1 (D = 2), (p-1)!!/p!! (D =
///   3), mixed         < u_L^(p-2) (u_T.t)^2 >, p >= 3: u_L^(p-2) |u_T|^2 / (D - 1),
/// all polynomials of the moments of degree p.
/// Order 0, of no kind: the pairs whose values are known.
struct LagQuantity {
  std::string kind; ///< "", "longitudinal", "transverse", "mixed"
  int order;
  std::vector<LagPart> parts;
};
/// With holes the last is that of order 0.
std::vector<LagQuantity> lag_quantities(const LagMoments& moments, int components, const std::vector<int>& orders);

/// Mean of the p-th power of one component of a unit vector over the directions of D - 1 dimensions, p even.
double mean_power_across(int dimensions, int order);

} // namespace cascade::analysis
