#pragma once
// One coefficient from many cases.

#include <vector>

namespace cascade::app {

/// One case: alpha = c x is to be fitted, x = h/d for instance.
struct CoefficientPoint {
  double x = 0, alpha = 0;
  double statistical = 0; ///< independent from case to case
  double systematic = 0;  ///< taken to have the same sign in all of them
};

struct Coefficient {
  double value = 0;
  double statistical = 0, systematic = 0; ///< parts of the standard error, before `scale`
  double scale = 1;                       ///< sqrt(chi2/dof) where that is above 1
  double standard_error = 0;              ///< scale * sqrt(statistical^2 + systematic^2)
  double chi2_per_dof = 0;                ///< NaN for a single case
  double p_value = 1;                     ///< of chi2: below 1e-6 no single coefficient describes the cases
  int cases = 0;
};

/// alpha = c x by weighted least squares through the origin, w = 1/(statistical^2 + systematic^2):
///   c = sum w x alpha / sum w x^2,   statistical^2 = sum (w x statistical)^2 / (sum w x^2)^2,
///   systematic = sum w |x| systematic / sum w x^2.
/// Points whose numbers are not finite, or whose x is zero, are left out; errors below 1e-6 count as that. value is NaN
/// without points. Pure function.
Coefficient fit_coefficient(const std::vector<CoefficientPoint>& points);

} // namespace cascade::app
