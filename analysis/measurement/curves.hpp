#pragma once
// From tables to curves.

#include "analysis/measurement/result.hpp"
#include "analysis/sums/block_table.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// Curve of the means of the table `name` with jackknife errors, sample counts and local slopes, in increasing x; its
/// origin says which row each point is.
Curve make_curve(const std::string& name, const BlockTable& table, Axis x, Axis y);

/// The curve without its first `count` points; slopes are those of what is left.
Curve without_first(Curve curve, std::size_t count);
/// The curve with other abscissas, point by point; slopes are those against them.
Curve against(Curve curve, Axis x_axis, std::vector<double> x);
/// The curve from its last point to its first.
Curve turned(Curve curve);

/// Centred differences of log y against log x (one-sided at the ends), or against x where that is a logarithm to base
/// two already; NaN where there is no logarithm.
std::vector<double> local_slopes(const std::vector<double>& x, const std::vector<double>& y,
                                 Scale scale = Scale::logarithmic);

/// Lays a fitted curve on the points with the same abscissas, of the table the curve comes from or of the curve itself
/// (an adaptive partition is fitted against its numbers of pieces). Points outside of its window get NaN; none of them
/// known: no columns.
void lay_fit(const FittedCurve& fitted, Curve& curve);

} // namespace cascade::analysis
