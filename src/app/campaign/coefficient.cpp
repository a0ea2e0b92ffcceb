#include "app/campaign/coefficient.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::app {
namespace {

constexpr double smallest_error = 1e-6; // exponents exact by construction have no spread

double variance(const CoefficientPoint& p) {
  const double sigma = std::max(std::hypot(p.statistical, p.systematic), smallest_error);
  return sigma * sigma;
}

bool usable(const CoefficientPoint& p) {
  return std::isfinite(p.x) && p.x != 0 && std::isfinite(p.alpha) && std::isfinite(p.statistical) &&
         std::isfinite(p.systematic);
}

} // namespace

Coefficient fit_coefficient(const std::vector<CoefficientPoint>& points) {
  Coefficient c;
  double xx = 0, xy = 0, statistical = 0, systematic = 0;
  for (const CoefficientPoint& p : points) {
    if (!usable(p))
      continue;
    const double w = 1 / variance(p);
    xx += w * p.x * p.x;
    xy += w * p.x * p.alpha;
    statistical += w * w * p.x * p.x * p.statistical * p.statistical;
    systematic += w * std::abs(p.x) * p.systematic;
    ++c.cases;
  }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (c.cases == 0) {
    c.value = c.statistical = c.systematic = c.standard_error = c.chi2_per_dof = c.p_value = nan;
    return c;
  }
  c.value = xy / xx;
  c.statistical = std::sqrt(statistical) / xx;
  c.systematic = systematic / xx;
  double chi2 = 0;
  for (const CoefficientPoint& p : points)
    if (usable(p))
      chi2 += (p.alpha - c.value * p.x) * (p.alpha - c.value * p.x) / variance(p);
  const double dof = c.cases - 1;
  c.chi2_per_dof = dof > 0 ? chi2 / dof : nan;
  c.p_value = dof > 0 ? gsl_cdf_chisq_Q(chi2, dof) : nan;
  c.scale = dof > 0 ? std::sqrt(std::max(1.0, c.chi2_per_dof)) : 1;
  c.standard_error = std::max(c.scale * std::hypot(c.statistical, c.systematic), smallest_error);
  return c;
}

} // namespace cascade::app
