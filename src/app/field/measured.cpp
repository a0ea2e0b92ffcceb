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

analysis::Curve make_curve(const analysis::BlockTable& table, const Axes& axes) {
  analysis::Curve curve;
  curve.x_axis = {axes.x_name, axes.x_unit};
  curve.y_axis = {axes.y_name, axes.y_unit};
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

void set_window_in_pieces(analysis::Result& result, const std::vector<double>& sides,
                          const analysis::ExponentFit& in_s) {
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

std::string alpha_id(const std::string& method, const analysis::Labels& l) {
  return fmt::format("{}/alpha/{}/{}/k{:g}/q{}", method, l.text("partition"), l.text("average"), *l.number("degree"),
                     order_text(*l.number("loss_power")));
}

} // namespace cascade::app
