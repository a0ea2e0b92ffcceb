#pragma once
// zeta_2, and the slope of the spectrum, from the energies of half-octave shells.

#include "analysis/blind/band_layout.hpp"
#include "analysis/blind/blind_exponent.hpp"

#include <Eigen/Dense>

namespace cascade::analysis {

/// E|f_k|^2 ~ |k|^-beta gives zeta_2 = beta - D and a spectrum of slope D - 1 - beta = -(1 + zeta_2).
/// Data: y_j = log e_j - (psi(m_j) - log m_j), e_j the energy of shell j, m_j the number of complex amplitudes behind
/// it (times effective_share): the mean log of a Gaussian field, whose variance is psi'(m_j). Expected: c + log sum
/// |k|^-beta over the wave vectors of the shell, linear about its own optimum. Covariance: psi'(m_j) times own_noise.
/// Corrections (marginal_fit.hpp; cut 1, tau .5 and prior .15 each unless said): (k/k_first)^2, (k/k_first)^1,
/// (k/k_first)^4 and both the first and the last (grid), (k/k_last)^-2 (box) alone and with the first three, aliasing
/// alone and with the box's (amplitude .8 +- .5 of alias_excess, prior .4), and all of these with a ripple of one
/// octave, (-1)^j: a dyadic cascade. At least 5 shells, and 6 in the mean range: three octaves.
struct SecondOrder {
  BlindExponent zeta;                                       ///< zeta_2
  std::size_t first = 0;                                    ///< shell of row 0 below
  std::size_t resolved = 0;                                 ///< rows with blocks: the first ones
  Eigen::VectorXd wavenumbers, log_energy, gaussian, noise; ///< of the shells that were used
  Eigen::VectorXd fitted;                                   ///< log energy of the mean model
  Eigen::VectorXd estimator;                                ///< d zeta_2 / d log_energy
  double corrected = 0;                                     ///< weight of models with a correction
  std::string corrections; ///< of the best model: letters u v w i a r in the order above
};

/// Pure, local. The table may hold any number of realisations.
SecondOrder second_order(const BandLayout& layout, const BlockTable& energy);

} // namespace cascade::analysis
