#include "analysis/turbulence/quantities.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/sums/grid_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

} // namespace

BlockTable joined_blocks(const BlockTable& table, int dimensions, double side, double length) {
  const int per_side = GridBlocks::wanted(dimensions);
  std::size_t blocks = 1;
  for (int a = 0; a < dimensions; ++a)
    blocks *= static_cast<std::size_t>(per_side);
  if (table.blocks() < blocks || table.blocks() % blocks != 0 || !std::isfinite(length) || length <= 0)
    return table;
  int kept = per_side;
  while (kept > 2 && side / kept < length)
    --kept;
  BlockTable joined{table.x, {}, {}, table.count};
  for (std::size_t first = 0; first < table.blocks(); first += blocks) { // one realisation after another
    std::size_t fewer = 1;
    for (int a = 0; a < dimensions; ++a)
      fewer *= static_cast<std::size_t>(kept);
    const std::size_t start = joined.sum.size();
    joined.sum.resize(start + fewer, std::vector<double>(table.points(), 0.0));
    joined.weight.resize(start + fewer, std::vector<double>(table.points(), 0.0));
    for (std::size_t b = 0; b < blocks; ++b) {
      std::size_t rest = b, to = 0, step = 1;
      for (int a = 0; a < dimensions;
           ++a, rest /= static_cast<std::size_t>(per_side), step *= static_cast<std::size_t>(kept))
        to += step * (rest % static_cast<std::size_t>(per_side) * static_cast<std::size_t>(kept) /
                      static_cast<std::size_t>(per_side));
      for (std::size_t i = 0; i < table.points(); ++i) {
        joined.sum[start + to][i] += table.sum[first + b][i];
        joined.weight[start + to][i] += table.weight[first + b][i];
      }
    }
  }
  return joined;
}

std::vector<double> dissipation_of(const VelocityMeans& m) {
  std::vector<double> e;
  for (std::size_t i = 0; i < m.r.size(); ++i)
    e.push_back(-m.dimensions * (m.dimensions + 2) / 12.0 * m.third[i] / m.r[i]);
  return e;
}

std::vector<double> isotropy_of(const VelocityMeans& m) {
  const std::vector<double> slope = local_slopes(m.r, m.second);
  std::vector<double> ratio;
  for (std::size_t i = 0; i < m.r.size(); ++i) // r S' = S times the local slope
    ratio.push_back(m.second[i] > 0 && std::isfinite(slope[i])
                        ? m.across[i] / (m.second[i] * (1 + slope[i] / (m.dimensions - 1)))
                        : unknown);
  return ratio;
}

double integral_scale_of(const VelocityMeans& m) {
  if (!(m.variance > 0))
    return unknown;
  double sum = 0, before = 1, at = 0;
  for (std::size_t i = 0; i < m.r.size(); ++i) {
    const double now = 1 - m.second[i] / (2 * m.variance);
    if (now <= 0) {
      const double zero = at + (m.r[i] - at) * before / (before - now);
      return sum + 0.5 * before * (zero - at);
    }
    sum += 0.5 * (before + now) * (m.r[i] - at);
    before = now;
    at = m.r[i];
  }
  return unknown;
}

double gradient_variance_of(const VelocityMeans& m) {
  for (std::size_t i = 1; i < m.r.size(); ++i)
    if (std::abs(m.r[i] / m.r[0] - 2) < 1e-6) {
      const double one = m.second[0] / (m.r[0] * m.r[0]), two = m.second[i] / (m.r[i] * m.r[i]);
      return (4 * one - two) / 3; // S/r^2 = g - c r^2 + ...
    }
  return unknown;
}

double largest_dissipation_of(const VelocityMeans& m) {
  const std::vector<double> e = dissipation_of(m);
  const double scale = integral_scale_of(m), longest = std::isfinite(scale) ? scale : m.r.back();
  double most = 0;
  for (std::size_t i = 0; i < e.size() && m.r[i] <= longest * (1 + 1e-9); ++i)
    most = std::max(most, e[i]);
  return most > 0 ? most : unknown;
}

ExponentFit number_fit(const std::function<double(std::size_t omitted)>& number, std::size_t blocks,
                       const std::string& model, const std::string& missing) {
  if (blocks < 2)
    throw NoFit("one block alone says nothing about errors");
  ExponentFit fit;
  fit.exponent = number(blocks);
  for (std::size_t b = 0; b < blocks; ++b)
    fit.replicates.push_back(number(b));
  const auto finite = [](double v) { return std::isfinite(v); };
  if (!finite(fit.exponent) || !std::all_of(fit.replicates.begin(), fit.replicates.end(), finite))
    throw NoFit(missing);
  fit.statistical_error = jackknife_error(fit.replicates);
  fit.model = model;
  fit.points = 1;
  fit.chi2_per_dof = fit.p_value = fit.loglog_slope = unknown;
  finish(fit, blocks);
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

ExponentFit relative_slope(const BlockTable& y, const BlockTable& x, double low, double high) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < y.points(); ++i)
    if (y.x[i] >= low * (1 - 1e-9) && y.x[i] <= high * (1 + 1e-9))
      rows.push_back(i);
  if (rows.size() < 3)
    throw NoFit("too few scales for this fit");
  const auto slope = [&](std::size_t omitted, std::size_t from, std::size_t to) {
    const std::vector<double> ys = omitted < y.blocks() ? y.mean_without(omitted) : y.mean(),
                              xs = omitted < y.blocks() ? x.mean_without(omitted) : x.mean();
    double n = 0, u = 0, v = 0, uu = 0, uv = 0;
    for (std::size_t i = from; i < to; ++i) {
      if (!(ys[rows[i]] > 0 && xs[rows[i]] > 0))
        return unknown;
      const double a = std::log(xs[rows[i]]), b = std::log(ys[rows[i]]);
      n += 1;
      u += a;
      v += b;
      uu += a * a;
      uv += a * b;
    }
    const double spread = n * uu - u * u;
    return spread > 0 ? (n * uv - u * v) / spread : unknown;
  };
  ExponentFit fit = number_fit([&](std::size_t b) { return slope(b, 0, rows.size()); }, y.blocks(),
                               "slope of log S_p against log S_3", "moments that are not positive");
  if (rows.size() > 3) { // the window is a choice: half of what its ends move
    const double a = slope(y.blocks(), 1, rows.size()), b = slope(y.blocks(), 0, rows.size() - 1);
    fit.systematic_error = 0.5 * (std::max({fit.exponent, a, b}) - std::min({fit.exponent, a, b}));
    finish(fit, y.blocks());
  }
  fit.window[0] = y.x[rows.front()];
  fit.window[1] = y.x[rows.back()];
  fit.points = static_cast<int>(rows.size());
  fit.loglog_slope = fit.exponent;
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

} // namespace cascade::analysis
