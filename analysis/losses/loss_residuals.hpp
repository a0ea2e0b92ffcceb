#pragma once
// Does the law describe the table? What the residuals of a fit say about it.

#include "analysis/losses/loss_fit.hpp"

#include <cmath>
#include <limits>

namespace cascade::analysis {

/// Two questions. (1) Points at the same x (and z) measure the noise itself: with m different places among n points,
///     F = [(S - S_pure)/(m - p)] / [S_pure/(n - m)],    S = sum of w e^2,  S_pure = the same about the mean of each
///     place
/// is F(m - p, n - m) distributed if the law is right. (2) Residuals of neighbours are independent if it is: c is the
/// mean product of neighbours over the mean square, neighbours being the next point in x, or each point's two nearest
/// in (log x, log z), both in units of their spread. Its p-value is the share of 1999 tables with a c as large, whose
/// residuals are those of the fit with random signs (in random order, for an asymmetric objective), less what the fit
/// would have followed: their projection on the tangent space of the law. Signs leave each point its own size.
/// e = r; for robust objectives cut off at max(delta, 3 median |r|), so that outliers do not decide (psi(r) itself is
/// little more than a sign where delta is below the scatter: of 60 random walks it sees 46, e 58).
struct LossDescription {
  int places = 0;                                                ///< m
  double lack_of_fit = std::numeric_limits<double>::quiet_NaN(); ///< F; NaN without repeated places
  double lack_p = std::numeric_limits<double>::quiet_NaN();
  double correlation = std::numeric_limits<double>::quiet_NaN(); ///< c less its mean over the random tables
  double correlation_p = std::numeric_limits<double>::quiet_NaN();
  /// Squared ratio of the standard errors that either finding calls for to those without it, at least one: S per
  /// degree of freedom of the m means; (1 + c)/(1 - c), c <= .9. One when the law describes the table.
  double inflation = 1;

  static constexpr double level = 0.005; ///< of each test
  /// Nothing was found against the law; a test that could not be made (NaN) finds nothing.
  bool described() const { return !std::isless(lack_p, level) && !std::isless(correlation_p, level); }
};

/// Deterministic, local.
LossDescription describe_residuals(const LossProblem& problem, const LossFit& fit);

} // namespace cascade::analysis
