#pragma once
// What a learner's error is made of: bias, variance, and the noise that nothing can learn.

#include <cstddef>
#include <vector>

namespace cascade::analysis {

/// Values a learner gives at the test points, [repeat][point]: one target and one set of test points, each repeat with
/// examples (and their noise) of its own.
using Predictions = std::vector<std::vector<double>>;

/// Mean over test points x of |f - f_r(x)|^2 = bias^2 + variance, f the target without noise, f_r what repeat r gives:
///   variance = <var_r f_r(x)>,  bias^2 = <(mean_r f_r(x) - f(x))^2> - variance/R,
/// both without bias of their own for any number of repeats R. Errors: jackknife over the repeats (the test points are
/// given).
struct LossParts {
  double bias = 0, variance = 0; ///< of the square: bias^2 and variance
  double bias_error = 0, variance_error = 0;
  double excess() const { return bias + variance; } ///< what learning could still take away
  double excess_error = 0;
};

/// Needs three repeats at least. Throws std::invalid_argument.
LossParts loss_parts(const Predictions& predictions, const std::vector<double>& truth);

/// Mean square error of averages of m = 1, 2, 4, ... learners, each over as many disjoint groups of repeats as there
/// are; the central limit makes it bias^2 + variance/m.
struct AveragedLoss {
  std::size_t learners = 0;
  double loss = 0;
};
std::vector<AveragedLoss> averaged_losses(const Predictions& predictions, const std::vector<double>& truth);

/// Straight line of an excess loss through the squares of the noise put into examples: excess = still + slope sigma^2.
/// Learning starts where the excess is below the target's own variance: at the signal-to-noise ratio
/// variance/sigma^2 = slope variance/(variance - still). `still` >= variance: it never starts.
struct NoiseLine {
  double still = 0, slope = 0, slope_error = 0;
  /// Of a target of this variance; infinite where it never starts, 0 where no noise prevents it.
  double threshold(double variance) const;
};

/// Weighted least squares over at least two different squares. Throws std::invalid_argument.
NoiseLine noise_line(const std::vector<double>& square, const std::vector<double>& excess,
                     const std::vector<double>& error);

} // namespace cascade::analysis
