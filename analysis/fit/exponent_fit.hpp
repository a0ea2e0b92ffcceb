#pragma once
// An exponent with an honest error: window, models, jackknife over blocks, and a systematic part.

#include "analysis/fit/power_law.hpp"
#include "analysis/sums/block_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

struct FitOptions {
  std::optional<std::vector<double>> window; ///< {lowest, highest} x set by the user; automatic otherwise
  double lowest_x = 0;                       ///< nothing below is trusted (missing small scales)
  double highest_x = 0.126;                  ///< the automatic window starts at or below this x (j >= 3)
};

struct ExponentFit {
  double exponent = 0;
  double statistical_error = 0;  ///< delete-one-block jackknife
  double systematic_error = 0;   ///< half the spread over windows and models that describe the data
  double standard_error = 0;     ///< root of the sum of squares
  double interval95[2] = {0, 0}; ///< Student t with (blocks - 1) degrees of freedom
  double profile95[2] = {0, 0};  ///< where the profile of chi^2 rises by t^2 (rescaled to the jackknife error)
  double chi2_per_dof = 0;       ///< Hotelling T^2 of the residuals over its degrees of freedom
  double p_value = 0;            ///< of that T^2
  double loglog_slope = 0;
  double window[2] = {0, 0};
  int points = 0;
  std::string model;
  double amplitude = 0; ///< of the leading term (family fits: of the unit curve)
  std::vector<double> replicate_amplitudes;
  std::vector<double> replicates; ///< exponent without block b: for exponents derived from several fits
};

/// Fits y(x) of the table. The first model is the one theory expects; the others serve the systematic error. Automatic
/// window: all points from lowest_x up to the largest x for which the model describes the data (p > 0.05).
/// Weights: variance of log y between jackknife replicates after removing the part common to all scales, which only
/// moves the amplitude. Never sees d or h.
ExponentFit fit_exponent(const BlockTable& table, const std::vector<PowerLawModel>& models, const FitOptions& options);

/// Exponent of the model on another version of the table, in the window of an earlier fit; no errors.
double refit_exponent(const BlockTable& table, const PowerLawModel& model, const ExponentFit& earlier);

/// Ratio a/b of two exponents measured on the same blocks, errors of both carried by the joint jackknife.
ExponentFit ratio_of_exponents(const ExponentFit& a, const ExponentFit& b);
/// The same fit with its statistical error, replicates included, `factor` times as large.
ExponentFit widened(ExponentFit fit, double factor);
/// Standard error and interval from the two parts; Student t with (blocks - 1) degrees of freedom.
void finish(ExponentFit& fit, std::size_t blocks);
/// a divided by an exact number (a geometric dimension).
ExponentFit scaled(ExponentFit fit, double factor);

} // namespace cascade::analysis
