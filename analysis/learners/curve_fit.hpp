#pragma once
// The exponent of a learning curve.

#include "analysis/fit/exponent.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// Losses at sizes x (examples or parameters, increasing), by repeat: fresh data, seeds, or both.
struct LearningCurve {
  std::vector<double> x;
  std::vector<std::vector<double>> loss;    ///< [repeat][size]
  std::vector<std::vector<double>> checked; ///< with half of the optimisation; empty: there is none
};

struct CurveFitOptions {
  double smooth_exponent = 0; ///< of the part of a smooth target, B x^-this; 0: not known, none is fitted
  double doublings = 5;       ///< largest sizes that are fitted
  std::string check = "half of the optimisation"; ///< what `checked` was made with, for the message
  bool training = true;                           ///< `checked` is an earlier state of a training, on its way down
};

/// Geometric mean over repeats, fitted by A x^-alpha, or A x^-alpha + B x^-smooth_exponent, over the last doublings in
/// logarithms, all sizes alike. Errors: delete-one jackknife over the repeats, or, where that is larger, the scatter of
/// the points about the line; and half the spread over models and over the window less its first size. With `checked`:
/// status failed, "not converged", where the exponent of those losses differs by more than its error, or a training's
/// loss at any size still falls by more than that error times ln(last size/first). Throws NoFit with
/// fewer than four sizes, three doublings or three repeats, or with a loss that is not above zero. Local.
ExponentFit fit_learning_curve(const LearningCurve& curve, const CurveFitOptions& options);

/// The means that are fitted.
std::vector<double> geometric_means(const std::vector<std::vector<double>>& loss, std::size_t without);
inline constexpr std::size_t no_repeat = static_cast<std::size_t>(-1);

} // namespace cascade::analysis
