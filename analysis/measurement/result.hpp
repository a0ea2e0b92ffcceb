#pragma once
// What a measurement found: measured values only. Predictions and verdicts are put beside it in app/verdict.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/measurement/answers.hpp"
#include "analysis/measurement/labels.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// How an axis is drawn. `log2`: its numbers are already log2 of what it is named after (a number of pieces may exceed
/// 1e308), and are drawn as powers of two.
enum class Scale { logarithmic, linear, log2 };

struct Axis {
  std::string name, unit; ///< e.g. "r", "box side"
  Scale scale = Scale::logarithmic;
};

/// Where the points of a curve come from: point i is made of row points[i] of a table, as the measurement named it.
/// What is known about the table's rows can then be laid on the curve.
struct Origin {
  std::string table; ///< empty: the curve was made otherwise
  std::vector<std::size_t> points;
  std::vector<double> x; ///< abscissas of the rows in the table, whatever the curve is drawn against
};

/// A measured curve with what is needed to draw it. Columns are as long as x, or empty.
struct Curve {
  Axis x_axis, y_axis;
  std::vector<double> x, y, standard_error;
  std::vector<double> local_slope;       ///< d log y / d log x, centred
  std::vector<double> local_slope_error; ///< jackknife error of each slope, NaN where not known; or empty
  std::vector<double> count;             ///< samples behind each point
  Origin origin;
  std::vector<double> fitted; ///< the fitted curve, NaN outside of its window; empty where no fit lies on these points
  std::vector<double> residual; ///< (y - fitted)/error of the point, what all points share taken out of it; as fitted
};

constexpr double meaningless = std::numeric_limits<double>::quiet_NaN();

/// The fit behind the measured value, as a reader needs it; numbers that have no meaning for it are NaN.
struct FitSummary {
  std::string model;          ///< formula fitted, in words and symbols
  std::vector<double> window; ///< {lowest x, highest x}, on the curve's axis
  int points = 0;
  double chi2_per_dof = meaningless;
  double loglog_slope = meaningless; ///< plain straight-line slope over the same window, for comparison
  double statistical_error = 0;      ///< parts of measured.standard_error
  double systematic_error = 0;
  std::vector<double> profile95;   ///< profile interval {low, high} (empty where not defined)
  std::string note;                ///< anything a reader must know (labels such as "N is geometry, not counted")
  std::optional<FitStatus> status; ///< absent: the value is no exponent that was fitted
  double widened_by = 1;           ///< standard over statistical error of a fit whose model fails
  std::string why;                 ///< of any status but good
  double octaves = meaningless;    ///< of the window, as far as the curve shows the exponent there
  double chi_squared =
      meaningless;              ///< of the residuals, NaN where nothing could be tested; over its mean: chi2_per_dof
  int degrees_of_freedom = 0;   ///< of that
  double p_value = meaningless; ///< of that
};

/// What was asked for and could not be had.
struct Missed {
  std::string id;  ///< of the result there would be
  std::string why; ///< too few scales, no scaling range, ...
};

/// One measured number with its curve.
struct Result {
  std::string id;       ///< unique in a report, stable, e.g. "sampled/zeta/p2"; a path in results.h5
  std::string stage;    ///< name of the measurement: "structure_function", "spectrum", ...
  std::string quantity; ///< "zeta" | "dimension_box" | "spectrum_slope" | "alpha" | a name of the measurement's own
  std::string title;    ///< the quantity for people, e.g. "zeta_2"; empty: `quantity`
  std::optional<double> order;
  std::string method; ///< "grid" | "sampled" | ...
  Labels labels = first_labels();
  Measured measured;
  FitSummary fit;
  std::optional<ExponentFit> exponent; ///< the whole fit, replicates included, where the value is one
  Curve curve;
  FittedCurve fitted; ///< of the fit that is drawn on the curve, on the abscissas of its table (or of the curve)
  Evidence evidence = Evidence::counted;
  Answers answers;                    ///< the same exponent by several ways; empty where there is one way only
  std::optional<Way> judged_by;       ///< whose value `measured` is, where there are several
  std::optional<Way> fitted_by;       ///< whose curve `fitted` is, where there are several
  FitStatus status = FitStatus::good; ///< unless it decides, no law is judged by this number; `reason` says why
  std::string reason;
};

/// measured, fit and exponent of a result.
void set_fit(Result& result, const ExponentFit& fit);

/// Puts the answers beside one another and makes the one asked for the value that is judged. Where that is the blind
/// one and it found no exponent, the next way that is there is shown, with the blind one's status: it decides nothing.
/// Where a way was not tried, the next one stands in for it. Throws NoFit where no way gives a number.
void settle(Result& result, Answers answers, Way asked);

} // namespace cascade::analysis
