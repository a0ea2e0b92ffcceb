#pragma once
// The exponent of a measured power law: window, models, jackknife over blocks, a systematic part, and a status.

#include "analysis/fit/exponent.hpp"
#include "analysis/fit/power_law.hpp"
#include "analysis/sums/block_table.hpp"

#include <optional>
#include <vector>

namespace cascade::analysis {

struct FitOptions {
  std::optional<std::vector<double>> window; ///< {lowest, highest} x set by the user; automatic otherwise
  double lowest_x = 0;                       ///< nothing below is trusted (missing small scales)
  double highest_x = 0.126;                  ///< the automatic window starts at or below this x (j >= 3)
};

/// A fit with p below this does not describe the data.
inline constexpr double describes_above = 0.01;

/// Fits y(x) of the table. The first model is the one theory expects; the others serve the systematic error. Automatic
/// window: all points from lowest_x up to the largest x for which the model describes the data (p > 0.05), at least
/// fewest_octaves. Weights: variance of log y between jackknife replicates after removing the part common to all
/// scales, which only moves the amplitude. Systematic part: half the spread of the exponent over models and over the
/// windows without the top one or two points, as far as they describe the data, and over wider windows that were left
/// for a misfit that may be chance (p > 1e-6); and what the corrections' priors leave
/// open, the shift of the exponent with their centres. Where nothing describes the data, the fit is repeated with
/// errors that hold the misfit (misfit.hpp), all models and windows count, and so does misfit_error(): status widened,
/// or failed where this leaves more than a tenth of the exponent open. Throws NoFit. Never sees d or h.
ExponentFit fit_exponent(const BlockTable& table, const std::vector<PowerLawModel>& models, const FitOptions& options);

/// Exponent of the model on another version of the table, in the window of an earlier fit; no errors.
double refit_exponent(const BlockTable& table, const PowerLawModel& model, const ExponentFit& earlier);

/// What a misfit is called in `reason`.
std::string describe_misfit(const FitQuality& quality, double tau);

/// More than a tenth of the exponent, or .05.
bool leaves_open(double error, double exponent);

} // namespace cascade::analysis
