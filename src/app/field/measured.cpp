#include "app/field/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cascade::app {

std::vector<double> local_slopes(const std::vector<double>& x, const std::vector<double>& y) {
  const std::size_t n = x.size();
  std::vector<double> slope(n, std::nan(""));
  for (std::size_t i = 0; i < n && n > 1; ++i) {
    const std::size_t a = i > 0 ? i - 1 : 0, b = std::min(i + 1, n - 1);
    if (x[a] > 0 && y[a] > 0 && y[b] > 0)
      slope[i] = std::log(y[b] / y[a]) / std::log(x[b] / x[a]);
  }
  return slope;
}

std::vector<double> log2_slopes(const std::vector<double>& log2_x, const std::vector<double>& y) {
  const std::size_t n = log2_x.size();
  std::vector<double> slope(n, std::nan(""));
  for (std::size_t i = 0; i < n && n > 1; ++i) {
    const std::size_t a = i > 0 ? i - 1 : 0, b = std::min(i + 1, n - 1);
    if (y[a] > 0 && y[b] > 0)
      slope[i] = std::log2(y[b] / y[a]) / (log2_x[b] - log2_x[a]);
  }
  return slope;
}

Curve make_curve(const analysis::BlockTable& table, const Axes& axes) {
  Curve curve{axes.x_name, axes.y_name, axes.x_unit, axes.y_unit, {}, {}, {}, {}, {}, false};
  std::vector<std::size_t> order(table.points());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return table.x[a] < table.x[b]; });
  const auto mean = table.mean(), error = table.standard_error();
  for (std::size_t i : order) {
    curve.x.push_back(table.x[i]);
    curve.y.push_back(mean[i]);
    curve.standard_error.push_back(error[i]);
    curve.count.push_back(table.count[i]);
  }
  curve.local_slope = local_slopes(curve.x, curve.y);
  return curve;
}

void set_fit(Result& result, const analysis::ExponentFit& fit) {
  result.measured = {fit.exponent, fit.standard_error, {fit.interval95[0], fit.interval95[1]}};
  result.fit.model = fit.model;
  result.fit.window = {fit.window[0], fit.window[1]};
  result.fit.points = fit.points;
  result.fit.chi2_per_dof = fit.chi2_per_dof.value_or(std::nan(""));
  result.fit.loglog_slope = fit.loglog_slope;
  result.fit.statistical_error = fit.statistical_error;
  result.fit.systematic_error = fit.systematic_error;
  result.fit.profile95 = {fit.profile95[0], fit.profile95[1]};
}

void set_window_in_pieces(Result& result, const std::vector<double>& sides, const analysis::ExponentFit& in_s) {
  std::vector<double> pieces;
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (sides[i] >= in_s.window[0] * (1 - 1e-9) && sides[i] <= in_s.window[1] * (1 + 1e-9))
      pieces.push_back(result.curve.x[i]);
  if (!pieces.empty())
    result.fit.window = {*std::min_element(pieces.begin(), pieces.end()),
                         *std::max_element(pieces.begin(), pieces.end())};
}

std::string order_text(double order) {
  return fmt::format("{:g}", order);
}

std::string zeta_id(const std::string& method, double order, const std::string& component) {
  return fmt::format("{}/zeta/{}p{}", method, component.empty() ? "" : component + "/", order_text(order));
}

std::string alpha_id(const std::string& method, const Settings& s) {
  return fmt::format("{}/alpha/{}/{}/k{}/q{}", method, s.partition, s.average, *s.degree, order_text(*s.loss_power));
}

} // namespace cascade::app
