#pragma once
// Fits for the few octaves of a grid.

#include "analysis/fit/exponent_fit.hpp"

#include <functional>
#include <optional>

namespace cascade::analysis {

/// Slope of log(y_q / y_2^(q/2)) against log x: how the flatness-like ratio of two means of the same field scales. Most
/// of the finite-size distortion of a mean of order q is that of the mean of order 2 to the power q/2, and cancels.
ExponentFit fit_ratio(const BlockTable& table, const BlockTable& squares, double order, double lowest_x,
                      double highest_x);

/// Sum of two exponents of the same blocks: weight a + b.
ExponentFit combined(const ExponentFit& a, double weight, const ExponentFit& b);

/// alpha of an adaptive partition from N(tau) and L(tau): slope of log(L + P) against -log N over the thresholds with
/// fewest <= N <= most, P(block) the variance that is missing below the grid scale (from the fit of the uniform
/// partition; any partition whose leaves are larger than the missing eddies misses the same). Systematic part: half the
/// spread when either half of the window is used alone.
ExponentFit fit_threshold_curve(const BlockTable& pieces, const BlockTable& loss, double fewest, double most,
                                const std::function<double(std::optional<std::size_t> without)>& missing);

/// Slope of log E(k) against log k over lowest_k <= k <= highest_k, points weighted by their relative errors;
/// statistical error from the realisations where there are two or more, else from the points' own errors; systematic
/// part: half the spread over the lower and the upper half of the window.
ExponentFit fit_spectrum(const BlockTable& spectrum, const std::vector<double>& standard_error, double lowest_k,
                         double highest_k);

} // namespace cascade::analysis
