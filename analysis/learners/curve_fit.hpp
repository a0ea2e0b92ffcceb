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
  std::vector<std::vector<double>> quarter; ///< with a quarter of a training; empty: there is none
  std::vector<std::vector<double>> start;   ///< before any training; empty: there is none
};

struct CurveFitOptions {
  double smooth_exponent = 0; ///< of the part of a smooth target, B x^-this; 0: not known, none is fitted
  double doublings = 5;       ///< largest sizes that are fitted
  std::string check = "half of the optimisation"; ///< what `checked` was made with, for the message
  bool gains_alike = true;                        ///< longer training lowers losses of all sizes by the same factor
};

/// Geometric mean over repeats, fitted by A x^-alpha, or A x^-alpha + B x^-smooth_exponent, over the last doublings in
/// logarithms, all sizes alike. Errors: delete-one jackknife over the repeats, or, where that is larger, the scatter of
/// the points about the line; and half the spread over models and over the window less its first size. With `quarter`:
/// and what longer training may still change, still_to_move with its jackknife. Status failed, "not converged", where
/// the exponent of `checked` differs by more than the error without that, or where the untrained `start` catches up,
/// or, unless sizes gain alike, where what the loss of one size may still change would move the exponent by more than
/// that. Throws NoFit with fewer than four sizes, three doublings or three repeats, or with a loss that is not above
/// zero. Local.
ExponentFit fit_learning_curve(const LearningCurve& curve, const CurveFitOptions& options);

/// How many times its last change a loss will still change, from losses by size after a quarter, half and all of a
/// training, with four times the steps, as far beyond it as it was watched: rho + rho^2, where changes get smaller by
/// rho = sum |ln(half/all)|/sum |ln(quarter/half)| a doubling, at most 1. Pure.
double changes_to_come(const std::vector<double>& quarter, const std::vector<double>& half,
                       const std::vector<double>& all);

/// Whether what training gains, ln(start/all), is not above zero at some size, or, as a straight line in ln x, will not
/// be as far again beyond the last size as that is from the first. Training cannot do worse than its start, whose
/// hinges lie on the data and whose output is solved: where it does, or will, its curve is that of an optimisation.
/// Pure.
bool start_catches_up(const std::vector<double>& x, const std::vector<double>& start, const std::vector<double>& all);

/// The means that are fitted.
std::vector<double> geometric_means(const std::vector<std::vector<double>>& loss, std::size_t without);
inline constexpr std::size_t no_repeat = static_cast<std::size_t>(-1);

} // namespace cascade::analysis
