#pragma once
// The roughness of a gridded field from the exact finite-size curves of its kind.

#include "analysis/fit/exponent_fit.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Curve of unit amplitude at every point of the table (table order) for a trial Hurst exponent, with the activity
/// counted without block `without` (all blocks when absent).
using FamilyCurve = std::function<std::vector<double>(double hurst, std::optional<std::size_t> without)>;

/// Bounds of the Hurst exponent that is looked for. A fit that ends there is pinned.
inline constexpr double lowest_hurst = 0.01, highest_hurst = 3;

/// Weighted least squares of log y - log A - log curve(h) with A and h free over the points with
/// lowest_x <= x <= highest_x. `exponent` of the result is h; replicates refit with counts and means both without the
/// block. Those that end at a bound are put where the slope of the fit puts them, and are said. The systematic error is
/// half the spread of h when the smallest or the largest scale is left out; a curve that does not describe the data is
/// dealt with as in fit_exponent(). `octaves` are those over which the curve shows h, from d log curve/dh, which goes
/// as `order` log x for a power law of that order; status no range below fewest_octaves_of_curve
/// (a smooth field hardly shows its h; that it is smooth may be certain). Throws NoFit below so many octaves of x.
ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve, const std::string& name, double lowest_x,
                       double highest_x, double order = 2);

/// Generalised least squares with a known covariance of log y (table order) instead of the blocks' scatter: for fields
/// whose largest scales span all blocks. The error of h is the Fisher one; chi^2 has its proper distribution. No
/// replicates.
ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve,
                       const std::vector<std::vector<double>>& covariance, const std::string& name, double lowest_x,
                       double highest_x, double order = 2);

} // namespace cascade::analysis
