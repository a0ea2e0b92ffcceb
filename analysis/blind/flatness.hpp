#pragma once
// How other orders scale beside the second: the flatness of wavelets against scale.

#include "analysis/blind/band_layout.hpp"

#include <Eigen/Dense>

namespace cascade::analysis {

/// Slope of log F_q, F_q = mean |w|^q / (mean w^2)^(q/2), against log scale; zeta_q = (q/2) zeta_2 + slope. F_q of a
/// Gaussian field is the same at all scales and so has no finite-size terms of its own: what is missing below the grid
/// or above the box cancels to first order. Wavelets: one an octave (band_layout.hpp). y = log mean|w|^q - (q/2) log
/// mean w^2 + (q/2)(q/2 - 1)/(2 m) + v/2, the last two for the mean of the logarithms; m the number of wavelet_modes, v
/// the variance of y: for a Gaussian field of c components
///   (q (q-2)/4)^2 / (2 (c/2)(c/2 + 1)) C_D (D-1 or 1)/m (1 + (q-4)^2/43),  C = .25, .165, .146 for D = 1, 2, 3
/// (Hermite rank 4, its strength and the next rank from simulations), times own_noise (at least .25).
/// Corrections (marginal_fit.hpp; cut .3, tau .15, prior .5 each): (s/s_first)^-(min(2.5, max(.3, zeta_2)) + .5) at the
/// grid's end, s/s_last at the box's, both. Prior of the slope 0 +- .5, and the model without intermittency, slope 0.
/// At least 3 scales.
struct Flatness {
  double order = 0;
  double slope = 0, error = 0;
  double zero = 0;        ///< weight of the model "no intermittency"
  double freedom = 0;     ///< of Student's t
  Eigen::VectorXd scales; ///< 1/k of the wavelets
  Eigen::VectorXd log_flatness, variance;
  Eigen::VectorXd influence; ///< of the blocks on the slope
};

/// Wavelets [first, last) of the layout.
struct WaveletRange {
  std::size_t first = 0, last = 0;
  std::size_t count() const { return last - first; }
};

/// Those between two wavenumbers: beyond the spectrum's own shells a wavelet holds what leaks in from the others.
WaveletRange wavelets_between(const BandLayout& layout, double lowest, double highest);

/// Pure, local. moment and second: tables of |w|^order and w^2. Throws std::invalid_argument below 3 scales.
Flatness flatness_slope(const BandLayout& layout, const WaveletRange& range, const BlockTable& moment,
                        const BlockTable& second, double order, double zeta_2);

} // namespace cascade::analysis
