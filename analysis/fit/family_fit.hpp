#pragma once
// The roughness of a gridded field from the exact finite-size curves of its kind.

#include "analysis/fit/exponent_fit.hpp"

#include <functional>
#include <optional>

namespace cascade::analysis {

/// Curve of unit amplitude at every point of the table (table order) for a trial Hurst exponent, with the activity
/// counted without block `without` (all blocks when absent).
using FamilyCurve = std::function<std::vector<double>(double hurst, std::optional<std::size_t> without)>;

/// Weighted least squares of log y - log A - log curve(h) with A and h free over the points with
/// lowest_x <= x <= highest_x. `exponent` of the result is h; replicates refit with counts and means both without the
/// block. The systematic error is half the spread of h when the smallest or the largest scale is left out.
ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve, const std::string& name, double lowest_x,
                       double highest_x);

/// Generalised least squares with a known covariance of log y (table order) instead of the blocks' scatter: for fields
/// whose largest scales span all blocks. The error of h is the Fisher one; chi^2 has its proper distribution. No
/// replicates.
ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve,
                       const std::vector<std::vector<double>>& covariance, const std::string& name, double lowest_x,
                       double highest_x);

/// exponent = f(h) for a decreasing or increasing function of h, per replicate; the other errors follow by slope.
ExponentFit mapped(const ExponentFit& fit,
                   const std::function<double(double value, std::optional<std::size_t> block)>& map);

} // namespace cascade::analysis
