#include "analysis/measurement/curves.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace cascade::analysis {
namespace {

/// Which point of the fit each abscissa is; nothing unless all points of the fit are found. A spectrum may have a
/// million shells.
std::vector<std::optional<std::size_t>> places_of(const std::vector<double>& fitted, const std::vector<double>& x) {
  std::vector<std::size_t> order(fitted.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return fitted[a] < fitted[b]; });
  std::vector<std::optional<std::size_t>> places(x.size());
  std::size_t found = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double tolerance = 1e-9 * std::abs(x[i]);
    const auto j = std::lower_bound(order.begin(), order.end(), x[i] - tolerance,
                                    [&](std::size_t place, double value) { return fitted[place] < value; });
    if (j != order.end() && fitted[*j] <= x[i] + tolerance) {
      places[i] = *j;
      ++found;
    }
  }
  return found >= fitted.size() ? places : std::vector<std::optional<std::size_t>>{};
}

/// The points whose difference is the slope at i.
std::pair<std::size_t, std::size_t> neighbours(std::size_t i, std::size_t n) {
  return {i > 0 ? i - 1 : 0, std::min(i + 1, n - 1)};
}

/// Size of the difference of log x behind the slope at i; NaN where there is none.
double step_in_x(const std::vector<double>& x, Scale scale, std::size_t i) {
  const auto [a, b] = neighbours(i, x.size());
  const bool logarithm = scale == Scale::log2;
  const double step = logarithm ? (x[b] - x[a]) * std::log(2.0) : x[a] > 0 && x[b] > 0 ? std::log(x[b] / x[a]) : 0;
  return step != 0 ? std::abs(step) : std::nan("");
}

/// Jackknife errors of the slopes of a table's means, its rows in this order: what all scales share drops out. Empty
/// for one block.
std::vector<double> slope_errors(const BlockTable& table, const std::vector<std::size_t>& order, const Curve& curve) {
  const std::size_t n = order.size(), blocks = table.blocks();
  if (n < 2 || blocks < 2)
    return {};
  std::vector<std::vector<double>> steps(n);
  for (std::size_t block = 0; block < blocks; ++block) {
    const auto mean = table.mean_without(block);
    for (std::size_t i = 0; i < n; ++i) {
      const auto [a, b] = neighbours(i, n);
      if (mean[order[a]] > 0 && mean[order[b]] > 0)
        steps[i].push_back(std::log(mean[order[b]] / mean[order[a]]));
    }
  }
  std::vector<double> errors(n, std::nan(""));
  for (std::size_t i = 0; i < n; ++i)
    if (steps[i].size() == blocks)
      errors[i] = jackknife_error(steps[i]) / step_in_x(curve.x, curve.x_axis.scale, i);
  return errors;
}

} // namespace

std::vector<double> local_slopes(const std::vector<double>& x, const std::vector<double>& y, Scale scale) {
  const std::size_t n = x.size();
  std::vector<double> slope(n, std::nan(""));
  for (std::size_t i = 0; i < n && n > 1; ++i) {
    const auto [a, b] = neighbours(i, n);
    if (!(y[a] > 0 && y[b] > 0) || x[a] == x[b]) // thresholds between which nothing is split have the same N
      continue;
    if (scale == Scale::log2)
      slope[i] = std::log2(y[b] / y[a]) / (x[b] - x[a]);
    else if (x[a] > 0)
      slope[i] = std::log(y[b] / y[a]) / std::log(x[b] / x[a]);
  }
  return slope;
}

Curve make_curve(const std::string& name, const BlockTable& table, Axis x, Axis y) {
  Curve curve;
  curve.x_axis = std::move(x);
  curve.y_axis = std::move(y);
  std::vector<std::size_t> order(table.points());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return table.x[a] < table.x[b]; });
  const auto mean = table.mean(), error = table.standard_error();
  for (const std::size_t i : order) {
    curve.x.push_back(table.x[i]);
    curve.y.push_back(mean[i]);
    curve.standard_error.push_back(error[i]);
    curve.count.push_back(table.count[i]);
  }
  curve.local_slope = local_slopes(curve.x, curve.y, curve.x_axis.scale);
  curve.local_slope_error = slope_errors(table, order, curve);
  curve.origin = {name, std::move(order), curve.x};
  return curve;
}

Curve without_first(Curve curve, std::size_t count) {
  const auto cut = static_cast<std::ptrdiff_t>(count);
  for (auto* column : {&curve.x, &curve.y, &curve.standard_error, &curve.count, &curve.origin.x})
    column->erase(column->begin(), column->begin() + cut);
  curve.origin.points.erase(curve.origin.points.begin(), curve.origin.points.begin() + cut);
  if (auto& errors = curve.local_slope_error; !errors.empty() && cut > 0) {
    errors.erase(errors.begin(), errors.begin() + cut);
    if (!errors.empty())
      errors.front() = std::nan(""); // its neighbour is gone
  }
  curve.local_slope = local_slopes(curve.x, curve.y, curve.x_axis.scale);
  return curve;
}

Curve against(Curve curve, Axis x_axis, std::vector<double> x) {
  for (std::size_t i = 0; i < curve.local_slope_error.size(); ++i)
    curve.local_slope_error[i] *= step_in_x(curve.x, curve.x_axis.scale, i) / step_in_x(x, x_axis.scale, i);
  curve.x_axis = std::move(x_axis);
  curve.x = std::move(x);
  curve.local_slope = local_slopes(curve.x, curve.y, curve.x_axis.scale);
  return curve;
}

Curve turned(Curve curve) {
  for (auto* column :
       {&curve.x, &curve.y, &curve.standard_error, &curve.count, &curve.origin.x, &curve.local_slope_error})
    std::reverse(column->begin(), column->end());
  std::reverse(curve.origin.points.begin(), curve.origin.points.end());
  curve.local_slope = local_slopes(curve.x, curve.y, curve.x_axis.scale);
  return curve;
}

void lay_fit(const FittedCurve& fitted, Curve& curve) {
  if (fitted.x.empty())
    return;
  auto places = places_of(fitted.x, curve.origin.x);
  if (places.empty())
    places = places_of(fitted.x, curve.x);
  if (places.empty())
    return;
  curve.fitted.assign(places.size(), std::nan(""));
  curve.residual = curve.fitted;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (const auto j = places[i]) {
      curve.fitted[i] = fitted.y[*j];
      if (*j < fitted.residual.size())
        curve.residual[i] = fitted.residual[*j];
    }
}

} // namespace cascade::analysis
