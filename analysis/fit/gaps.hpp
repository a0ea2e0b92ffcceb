#pragma once
// Scales a field of finitely many levels does not have, and what they would have added.

#include "analysis/fit/exponent_fit.hpp"

#include <functional>

namespace cascade::analysis {

/// A field of `levels` levels ends at 2^-levels. The levels that are not there would have raised the variance seen at
/// scale x by 1/(1 - kappa (2^levels x)^-decay), `decay` being the exponent of the variance below a scale, and kappa
/// the part of what a scale 2^-levels shows that they would carry: at most 1, less because larger scales carry some of
/// it too, different for every estimator, and therefore known as part +- error only. docs/theory.md, "Levels needed".
struct Gap {
  int levels = 0;
  double decay = 1;
  double part = 0.5, error = 0.5; ///< of kappa
};

/// kappa as the squares themselves show it below the scales a fit may trust: with the scales from 2^(4 - levels) on,
/// the mean square is A x^a + B x^smooth less its missing part, (A x^a) kappa (2^levels x)^-decay, whose coefficient is
/// fitted. The error is the blocks' (jackknife), and at least .02: a and decay are measured too. `gap` as it was where
/// fewer than two octaves of such scales were measured, or where what they show is no part (outside 0 to 1 by more than
/// the error).
Gap measured_gap(const BlockTable& squares, double smooth, const FitOptions& options, const Gap& gap);

/// The table of a mean of this order as all levels would have made it: sums divided by (1 - missing)^(order/2).
BlockTable completed(const BlockTable& table, double order, double kappa, const Gap& gap);

/// Fit of such a mean to the completed table; half the shift of the exponent between the limits of kappa adds to the
/// systematic error.
ExponentFit fit_completed(const BlockTable& table, double order, const std::vector<PowerLawModel>& models,
                          const FitOptions& options, const Gap& gap);

/// Which scales 2^-1 ... 2^-scales miss less than 1% of the variance: those up to levels - 6.6/decay, but nine if there
/// are that many above the last three levels.
struct TrustedScales {
  int finest = 0;   ///< 2^-finest is the smallest to use
  bool few = false; ///< it misses more than 1%
};
/// decay(lowest_x) measures the exponent of the variance on scales of at least lowest_x. Two passes: the second leaves
/// out the scales the first one found incomplete.
TrustedScales trusted_scales(int levels, int scales, const std::function<double(double lowest_x)>& decay);

} // namespace cascade::analysis
