#pragma once
// Fourth moments of what polynomials leave of a cascade on cells of one side.

#include <cstdint>
#include <vector>

namespace cascade::theory {

/// The residual r of the least-squares polynomial of total degree <= `degree` on aligned cells of `side` points, in a
/// cascade alive down to level i: r = sum_l A_l sum_e sign_e rho_e(x), e the eddies of level l that meet the cell, with
/// independent signs and wave axes o. With m_e = <rho_e^2>_o and M_l(x) = sum_e m_e(x),
///   <r^4> = 3 sum_(l, l') A_l^2 A_l'^2 <M_l M_l'> + sum_l A_l^4 <sum_e (<rho_e^4>_o - 3 m_e^2)>,
/// <> over the positions x in the cell and of the cell in the eddies, those of two levels being nested. So the fourth
/// cumulant <r^4> - 3 <r^2>^2 is a quadratic form in A_l^2, with the matrix
///   C_ll' = 3 (<M_l M_l'> - R_l R_l') + delta_ll' <sum_e (<rho_e^4>_o - 3 m_e^2)>,   R_l = <M_l>.
/// rho_e is a sum of products over the axes (the profile, and for each polynomial a constant times it), so that every
/// mean is a sum of products of means over one axis.
/// Eddies more than 32 cells wide count as flat in C. Pure function; profiles: samples of wave and window at the points
/// of each level, as in CascadeLevels. Returns C row by row, levels x levels.
struct LevelProfiles {
  std::vector<std::vector<double>> wave, window; ///< [level][point]
};
std::vector<double> cell_fourth_cumulants(const LevelProfiles& profiles, int dimensions, std::int64_t side, int degree);

} // namespace cascade::theory
