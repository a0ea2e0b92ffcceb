#include "analysis/fit/grid_fits.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

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

namespace {

/// y at x on a curve of increasing abscissas, linear between points, the end values beyond.
double interpolate(const std::vector<double>& x, const std::vector<double>& y, double at) {
  const auto upper = std::upper_bound(x.begin(), x.end(), at);
  if (upper == x.begin())
    return y.front();
  if (upper == x.end())
    return y.back();
  const auto i = static_cast<std::size_t>(upper - x.begin());
  return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
}

/// log L of the complete field at N pieces.
class Completer {
public:
  Completer(const MissingPart& missing, std::optional<std::size_t> without)
      : missing_(missing), variance_(missing.variance ? missing.variance(without) : 0) {
    if (missing.square_pieces == nullptr)
      return;
    const auto n = missing.square_pieces->mean(), l = missing.square_loss->mean();
    for (std::size_t i = n.size(); i-- > 0;) { // N falls as the threshold rises
      log_n_.push_back(std::log(n[i]));
      log_l_.push_back(std::log(l[i]));
    }
  }
  double operator()(double pieces, double loss) const {
    if (missing_.completion.empty())
      return std::log(loss + (missing_.square_pieces == nullptr ? variance_ : 0));
    const double square = std::exp(interpolate(log_n_, log_l_, std::log(pieces)));
    std::vector<double> first, second;
    for (std::size_t i = 0; i < missing_.completion.size(); ++i) {
      first.push_back(std::log(missing_.square_completion[i]));
      second.push_back(std::log(missing_.completion[i]));
    }
    return std::log(loss) + interpolate(first, second, std::log1p(variance_ / square));
  }

private:
  const MissingPart& missing_;
  double variance_;
  std::vector<double> log_n_, log_l_;
};

} // namespace

ExponentFit fit_threshold_curve(const BlockTable& pieces, const BlockTable& loss, double fewest, double most,
                                const MissingPart& missing) {
  const auto total = pieces.mean(), total_loss = loss.mean();
  LogCurve curve, plain;
  const auto add = [&](const std::vector<double>& n, const std::vector<double>& l, std::optional<std::size_t> without,
                       std::vector<double>& u, std::vector<double>& v) {
    const Completer complete(missing, without);
    for (std::size_t i = 0; i < n.size(); ++i)
      if (total[i] >= fewest && total[i] <= most) {
        u.push_back(-std::log(n[i]));
        v.push_back(complete(n[i], l[i]));
      }
  };
  add(total, total_loss, {}, curve.u, curve.v);
  for (std::size_t b = 0; b < pieces.blocks(); ++b)
    add(pieces.mean_without(b), loss.mean_without(b), b, curve.block_u.emplace_back(), curve.block_v.emplace_back());
  const bool known = static_cast<bool>(missing.variance);
  ExponentFit fit =
      curve.slope(known ? "log L against log N, L completed by the scales below the grid" : "log L against log N");
  for (std::size_t i = 0; i < total.size(); ++i)
    if (total[i] >= fewest && total[i] <= most) {
      plain.u.push_back(-std::log(total[i]));
      plain.v.push_back(std::log(total_loss[i]));
    }
  fit.loglog_slope = weighted_slope(plain.u, plain.v, std::vector<double>(plain.u.size(), 1.0), 0, plain.u.size() - 1);
  fit.window[0] = std::exp(-*std::max_element(curve.u.begin(), curve.u.end()));
  fit.window[1] = std::exp(-*std::min_element(curve.u.begin(), curve.u.end()));
  return fit;
}

ExponentFit fit_dimension(const BlockTable& cells, double lowest_x, double highest_x) {
  const FitData data = prepare(cells);
  std::size_t first = data.x.size(), last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] >= lowest_x * (1 - 1e-9) && data.x[i] <= highest_x * (1 + 1e-9)) {
      first = std::min(first, i);
      last = i;
    }
  if (first >= last)
    throw std::invalid_argument("too few scales for this fit");
  const auto dimension = [&](const std::vector<double>& n, std::size_t from, std::size_t to) {
    double sum = 0, weight = 0; // n falls with x: the parent of level i is i + 1
    for (std::size_t i = from; i < to; ++i) {
      sum += n[i + 1] * std::log(n[i] / n[i + 1]) / std::log(data.x[i + 1] / data.x[i]);
      weight += n[i + 1];
    }
    return sum / weight;
  };
  ExponentFit fit;
  fit.exponent = dimension(data.y, first, last);
  for (const auto& replicate : data.replicates)
    fit.replicates.push_back(dimension(replicate, first, last));
  fit.statistical_error = jackknife_error(fit.replicates);
  double low = fit.exponent, high = low;
  for (const auto& [from, to] : {std::pair{first + 1, last}, std::pair{first, last - 1}})
    if (from < to) {
      low = std::min(low, dimension(data.y, from, to));
      high = std::max(high, dimension(data.y, from, to));
    }
  fit.systematic_error = 0.5 * (high - low);
  fit.loglog_slope = -loglog_slope(data.x, data.y, first, last);
  fit.window[0] = data.x[first];
  fit.window[1] = data.x[last];
  fit.points = static_cast<int>(last - first + 1);
  fit.model = "mean of log2 N_(l+1)/N_l, weighted by N_l";
  finish(fit, cells.blocks());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
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
