#include "analysis/fit/grid_fits.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cascade::analysis {
namespace {

/// Weighted straight line through (u, v); weight per point.
double weighted_slope(const std::vector<double>& u, const std::vector<double>& v, const std::vector<double>& w,
                      std::size_t first, std::size_t last) {
  double s = 0, su = 0, sv = 0, suu = 0, suv = 0;
  for (std::size_t i = first; i <= last; ++i) {
    s += w[i];
    su += w[i] * u[i];
    sv += w[i] * v[i];
    suu += w[i] * u[i] * u[i];
    suv += w[i] * u[i] * v[i];
  }
  return (s * suv - su * sv) / (s * suu - su * su);
}

/// Points of a curve in logarithms, with one replicate a block, and the slope with its errors.
struct LogCurve {
  std::vector<double> u, v;
  std::vector<std::vector<double>> block_u, block_v;

  ExponentFit slope(const std::string& model) const {
    const std::size_t n = u.size();
    if (n < 3)
      throw std::invalid_argument("too few scales for this fit");
    std::vector<double> weight(n, 1.0);
    ExponentFit fit;
    fit.exponent = weighted_slope(u, v, weight, 0, n - 1);
    std::vector<std::vector<double>> residuals;
    for (std::size_t b = 0; b < block_u.size(); ++b)
      fit.replicates.push_back(weighted_slope(block_u[b], block_v[b], weight, 0, n - 1));
    fit.statistical_error = jackknife_error(fit.replicates);
    const std::size_t half = std::max<std::size_t>(2, n / 2);
    const double low = weighted_slope(u, v, weight, 0, half), high = weighted_slope(u, v, weight, n - 1 - half, n - 1);
    fit.systematic_error = 0.5 * std::abs(high - low);
    fit.points = static_cast<int>(n);
    fit.model = model;
    finish(fit, block_u.size());
    fit.profile95[0] = fit.interval95[0];
    fit.profile95[1] = fit.interval95[1];
    return fit;
  }
};

} // namespace

ExponentFit fit_ratio(const BlockTable& table, const BlockTable& squares, double order, double lowest_x,
                      double highest_x) {
  const auto inside = [&](double x) { return x >= lowest_x * (1 - 1e-9) && x <= highest_x * (1 + 1e-9); };
  LogCurve curve;
  const auto add = [&](const std::vector<double>& y, const std::vector<double>& y2, std::vector<double>& u,
                       std::vector<double>& v) {
    for (std::size_t i = 0; i < table.points(); ++i)
      if (inside(table.x[i])) {
        u.push_back(std::log(table.x[i]));
        v.push_back(std::log(y[i]) - 0.5 * order * std::log(y2[i]));
      }
  };
  add(table.mean(), squares.mean(), curve.u, curve.v);
  for (std::size_t b = 0; b < table.blocks(); ++b)
    add(table.mean_without(b), squares.mean_without(b), curve.block_u.emplace_back(), curve.block_v.emplace_back());
  ExponentFit fit = curve.slope("ratio to the square");
  fit.window[0] = lowest_x;
  fit.window[1] = highest_x;
  return fit;
}

ExponentFit combined(const ExponentFit& a, double weight, const ExponentFit& b) {
  ExponentFit fit = b;
  fit.exponent = weight * a.exponent + b.exponent;
  for (std::size_t i = 0; i < fit.replicates.size(); ++i)
    fit.replicates[i] = weight * a.replicates[i] + b.replicates[i];
  fit.statistical_error = jackknife_error(fit.replicates);
  fit.systematic_error = std::hypot(weight * a.systematic_error, b.systematic_error);
  fit.chi2_per_dof = a.chi2_per_dof;
  fit.model = a.model + "; " + b.model;
  finish(fit, fit.replicates.size());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

ExponentFit fit_threshold_curve(const BlockTable& pieces, const BlockTable& loss, double fewest, double most,
                                const std::function<double(std::optional<std::size_t>)>& missing) {
  const auto total = pieces.mean();
  LogCurve curve;
  const auto add = [&](const std::vector<double>& n, const std::vector<double>& l, double p, std::vector<double>& u,
                       std::vector<double>& v) {
    for (std::size_t i = 0; i < n.size(); ++i)
      if (total[i] >= fewest && total[i] <= most) {
        u.push_back(-std::log(n[i]));
        v.push_back(std::log(l[i] + p));
      }
  };
  add(total, loss.mean(), missing({}), curve.u, curve.v);
  for (std::size_t b = 0; b < pieces.blocks(); ++b)
    add(pieces.mean_without(b), loss.mean_without(b), missing(b), curve.block_u.emplace_back(),
        curve.block_v.emplace_back());
  ExponentFit fit = curve.slope("log (L + P) against log N");
  fit.loglog_slope = 0;
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  const auto l = loss.mean();
  for (std::size_t i = 0; i < total.size(); ++i)
    if (total[i] >= fewest && total[i] <= most) {
      const double x = -std::log(total[i]), y = std::log(l[i]);
      n += 1;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
  fit.loglog_slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  fit.window[0] = std::exp(-*std::max_element(curve.u.begin(), curve.u.end()));
  fit.window[1] = std::exp(-*std::min_element(curve.u.begin(), curve.u.end()));
  return fit;
}

ExponentFit fit_spectrum(const BlockTable& spectrum, const std::vector<double>& standard_error, double lowest_k,
                         double highest_k) {
  std::vector<double> u, v, w;
  std::vector<std::size_t> source;
  const auto mean = spectrum.mean();
  for (std::size_t i = 0; i < mean.size(); ++i)
    if (spectrum.x[i] >= lowest_k && spectrum.x[i] <= highest_k && mean[i] > 0) {
      u.push_back(std::log(spectrum.x[i]));
      v.push_back(std::log(mean[i]));
      w.push_back(std::pow(mean[i] / std::max(standard_error[i], 1e-12 * mean[i]), 2));
      source.push_back(i);
    }
  if (u.size() < 4)
    throw std::invalid_argument("too few wavenumbers for this fit");
  const std::size_t last = u.size() - 1;
  std::size_t middle = 0; // halves of equal length in log k
  while (middle < last && u[middle] < 0.5 * (u[0] + u[last]))
    ++middle;
  middle = std::clamp<std::size_t>(middle, 1, last - 1);
  ExponentFit fit;
  fit.exponent = weighted_slope(u, v, w, 0, last);
  fit.systematic_error = 0.5 * std::abs(weighted_slope(u, v, w, middle, last) - weighted_slope(u, v, w, 0, middle));
  for (std::size_t b = 0; b < spectrum.blocks() && spectrum.blocks() > 1; ++b) {
    const auto without = spectrum.mean_without(b);
    std::vector<double> replicate;
    for (const std::size_t i : source)
      replicate.push_back(std::log(without[i]));
    fit.replicates.push_back(weighted_slope(u, replicate, w, 0, last));
  }
  double s = 0, su = 0, suu = 0;
  for (std::size_t i = 0; i <= last; ++i) {
    s += w[i];
    su += w[i] * u[i];
    suu += w[i] * u[i] * u[i];
  }
  fit.statistical_error = spectrum.blocks() > 1 ? jackknife_error(fit.replicates) : std::sqrt(s / (s * suu - su * su));
  double chi2 = 0;
  const double intercept = [&] {
    double sv = 0;
    for (std::size_t i = 0; i <= last; ++i)
      sv += w[i] * (v[i] - fit.exponent * u[i]);
    return sv / s;
  }();
  for (std::size_t i = 0; i <= last; ++i)
    chi2 += w[i] * std::pow(v[i] - intercept - fit.exponent * u[i], 2);
  fit.chi2_per_dof = chi2 / static_cast<double>(u.size() - 2);
  fit.loglog_slope = weighted_slope(u, v, std::vector<double>(u.size(), 1.0), 0, last);
  fit.window[0] = lowest_k;
  fit.window[1] = highest_k;
  fit.points = static_cast<int>(u.size());
  fit.model = "A k^a";
  finish(fit, std::max<std::size_t>(spectrum.blocks(), u.size()));
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

} // namespace cascade::analysis
