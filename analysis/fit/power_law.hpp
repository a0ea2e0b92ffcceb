#pragma once
// One weighted fit of a power law with the known finite-size corrections, by variable projection.

#include "analysis/fit/misfit.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace cascade::analysis {

/// A correction beside the leading term A x^a; its coefficient is free.
struct Correction {
  enum class Kind {
    fixed_power,    ///< x^exponent: the smooth large scales, exponent known (p for S_p, q k for losses)
    relative_power, ///< x^(a + exponent): cross terms of rough and smooth scales when the order is not 2
    pedestal        ///< x^(a exponent)/phi(x): variance below the smallest scale; phi = 1 for volume averages, else
                    ///< active fraction
  };
  Kind kind;
  double exponent = 0;
  std::vector<double> phi; ///< one per abscissa of the table (pedestal only; empty = 1)
};

/// y(x) = A x^a + sum_m C_m correction_m(x). docs/theory.md, "Known corrections".
struct PowerLawModel {
  std::string name; ///< e.g. "A s^a - B s^2"
  std::vector<Correction> corrections;
};

struct PowerLawFit {
  double exponent = 0;
  std::vector<double> coefficients; ///< A, then one a correction
  double chi2 = 0;                  ///< sum of squared residuals over relative_error^2, plus the prior's share
  std::vector<double> residual;     ///< (y - fit)/y in the window
  std::vector<double> curve;        ///< the fitted curve there
  Linearised solution;              ///< Jacobian of all parameters, and the exponent's row (the prior included)
};

/// Correction m, as a part of the leading term at the largest x of the window, c_m = C_m correction_m/(A x^a), has the
/// prior N(centre_m, prior_width^2): A x^a + C x^(a + e) with A = 0 is the same curve as a pure power a + e, and would
/// offer the exponent a - e as an equally good fit. A bound on c_m would do too, and would be where slow corrections
/// end up. A width of 1/2 biased alpha of fourier_modes (h = .55 to .93, q = 3, 4; 15 fields) by two standard errors, 1
/// by less than one. Pedestals have none.
inline constexpr double prior_width = 1;

/// Least squares over the points [first, last] of (x, y) with relative errors, `centre` the means of the prior (empty:
/// zero). For each trial exponent the coefficients are linear (variable projection: Golub, Pereyra, Inverse Problems 19
/// (2003) R1), so that one number is searched, in [lowest, highest] and beyond where chi^2 falls towards an end.
PowerLawFit fit_power_law(const std::vector<double>& x, const std::vector<double>& y,
                          const std::vector<double>& relative_error, std::size_t first, std::size_t last,
                          const PowerLawModel& model, double lowest, double highest,
                          const std::vector<double>& centre = {});

/// chi^2 at a given exponent, coefficients free: its rise by 4 (scaled) bounds the profile interval.
double profile_chi2(const std::vector<double>& x, const std::vector<double>& y,
                    const std::vector<double>& relative_error, std::size_t first, std::size_t last,
                    const PowerLawModel& model, double exponent);

/// Slope of log y against log x, unweighted, over [first, last]: the naive number every fit is printed beside.
double loglog_slope(const std::vector<double>& x, const std::vector<double>& y, std::size_t first, std::size_t last);

} // namespace cascade::analysis
