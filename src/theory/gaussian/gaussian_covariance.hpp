#pragma once
// Scatter of cell errors measured on one Gaussian field, and its correlation between cell sizes.

#include "theory/gaussian/gaussian_expectation.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cascade::theory {

/// Covariance matrix of the mean-square errors E_s (as PowerLawBand::cell_error, all cells of one field) for the given
/// cell sizes, for P(k) = |k|^-(2h+D); divide by variance(h)^2 for the field of unit variance, and by the number of
/// independent fields. E_s = sum f_k* Q_kk' f_k' couples modes that look alike on the lattice of cells (k = k' mod
/// n/s), so
///   Cov(E_s, E_s') = 2 sum_k P^2 W_s W_s' + 2 sum_(k != k') P P' Re(Q_kk'* Q'_kk'),
///   Q_kk' = -sum_a conj(a_a(k)) a_a(k'), a_a(k) the mean over a cell of g_a exp(2 pi i k.x/n).
/// The second sum, a fifth to over a half of the first on the diagonal, runs over the nearest 25 such modes an axis and
/// each class of modes up to mirror and exchange of axes once, sampled from the 64th on; between sizes that are not
/// neighbours in `sides` (ascending) it is left out, as it fades with their ratio. Good to a few per cent, which is
/// plenty for weights and error bars.
std::vector<std::vector<double>> cell_error_covariance(const PowerLawBand& band, std::span<const std::int64_t> sides,
                                                       int degree, double hurst);

} // namespace cascade::theory
