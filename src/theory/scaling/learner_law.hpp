#pragma once
// Exponents put forward for a learner on data of dimension d, and the one each kind of learner should have.

#include "theory/exponents.hpp"

#include <optional>
#include <vector>

namespace cascade::theory {

/// What is known of data: points on a set of dimension d in R^D, a target with S_2 = C r^(2h); no h: a smooth one.
struct LearningSetting {
  double dimension = 0;
  double embedding_dimension = 0;
  std::optional<double> hurst;
  /// Exponent of the learner's loss in r for a smooth target, 0: not known (analysis::Learner).
  double smooth_loss_exponent = 0;
  bool noisy = false;          ///< examples carry noise
  bool averages_noise = false; ///< and the learner averages over as many of them as is best
  /// Standard errors of d and h, where these are measured; those of the formulas follow from them.
  double dimension_error = 0, hurst_error = 0;
};

/// Mean-square loss ~ n^-alpha or N^-alpha: min(2h, s)/d, s the smooth exponent: 2h/d for rough targets (2h <= s), s/d
/// for smooth ones: 2/d for pieces of degree 0 and neighbours, 4/d for linear pieces and deeper ReLU networks, 1 + 3/d
/// for those of one hidden layer (T. Mao, J. Siegel, J. Xu, arXiv 2408.10996: smoothness up to (d + 3)/2 counts), 2(d +
/// 2 nu)/d for Matern kernels (Laplace: nu = 1/2; S. Spigler, M. Geiger, M. Wyart, arXiv 1905.10843). nullopt where
/// that is not known.
/// Examples with noise: n^(-2h/(2h + d)), h <= 1, for a learner that averages over the best number of them (minimax: C.
/// Stone, Ann. Statist. 10, 1040, 1982); for others nothing is promised, they keep a variance that does not fall.
std::optional<Formula> learner_law(const LearningSetting& setting);

/// 4h/d, 2h/d (with an h), 2h/(2h+d) (and noise), 4/d, 2/d, 2/D, and the learner's own where it is none of these; each
/// with the error that those of d and h give it, to first order: that of 4h/d is twice that of 2h/d, 2/D has none.
std::vector<Formula> learner_formulas(const LearningSetting& setting);

} // namespace cascade::theory
