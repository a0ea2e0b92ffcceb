#include "analysis/fit/jackknife.hpp"

#include <gsl/gsl_sf_psi.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

/// Errors of the window, moved towards a power of x as far as what they scatter about it by is the noise of so few
/// blocks.
void smooth_errors(FitData& data, std::size_t first, std::size_t last) {
  const double points = static_cast<double>(last - first + 1), blocks = static_cast<double>(data.replicates.size());
  if (points < 4 || blocks < 2)
    return;
  const auto log_square = [&](std::size_t i) { return 2 * std::log(data.error[i]); };
  double u = 0, v = 0, uu = 0, uv = 0;
  for (std::size_t i = first; i <= last; ++i) {
    u += std::log(data.x[i]) / points;
    v += log_square(i) / points;
  }
  for (std::size_t i = first; i <= last; ++i) {
    uu += std::pow(std::log(data.x[i]) - u, 2);
    uv += (std::log(data.x[i]) - u) * (log_square(i) - v);
  }
  const auto line = [&](std::size_t i) { return v + uv / uu * (std::log(data.x[i]) - u); };
  double scatter = 0;
  for (std::size_t i = first; i <= last; ++i)
    scatter += std::pow(log_square(i) - line(i), 2) / (points - 2);
  const double noise = gsl_sf_psi_1(0.5 * (blocks - 1));
  const double own = scatter > noise ? 1 - noise / scatter : 0;
  for (std::size_t i = first; i <= last; ++i)
    data.error[i] = std::exp(0.5 * (line(i) + own * (log_square(i) - line(i))));
}

} // namespace

double jackknife_error(const std::vector<double>& replicates) {
  const auto n = static_cast<double>(replicates.size());
  double mean = 0, square = 0;
  for (double r : replicates)
    mean += r / n;
  for (double r : replicates)
    square += (r - mean) * (r - mean);
  return std::sqrt(square * (n - 1) / n);
}

FitData prepare(const BlockTable& table) {
  const auto mean = table.mean();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < table.points(); ++i)
    if (std::isfinite(mean[i]) && mean[i] > 0)
      order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return table.x[a] < table.x[b]; });
  FitData data;
  for (std::size_t i : order) {
    data.x.push_back(table.x[i]);
    data.y.push_back(mean[i]);
    data.source.push_back(i);
  }
  for (std::size_t b = 0; b < table.blocks(); ++b) {
    const auto without = table.mean_without(b);
    auto& replicate = data.replicates.emplace_back();
    for (std::size_t i : order)
      replicate.push_back(std::isfinite(without[i]) && without[i] > 0 ? without[i] : mean[i]);
  }
  return data;
}

void set_errors(FitData& data, std::size_t first, std::size_t last) {
  const std::size_t n = data.x.size();
  data.error.assign(n, 0.0);
  const auto blocks = static_cast<double>(data.replicates.size());
  for (const auto& r : data.replicates) {
    double common = 0;
    for (std::size_t i = first; i <= last; ++i)
      common += std::log(r[i] / data.y[i]) / static_cast<double>(last - first + 1);
    for (std::size_t i = 0; i < n; ++i)
      data.error[i] += std::pow(std::log(r[i] / data.y[i]) - common, 2) * (blocks - 1) / blocks;
  }
  double floor = 1e-9;
  for (double& e : data.error) {
    e = std::sqrt(e);
    floor = std::max(floor, 1e-3 * e);
  }
  for (double& e : data.error)
    e = std::max(e, floor);
  smooth_errors(data, first, last);
}

} // namespace cascade::analysis
