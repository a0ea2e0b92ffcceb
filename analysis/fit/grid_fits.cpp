#include "analysis/fit/grid_fits.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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
                                const ExponentFit& dimension, const std::vector<PowerLawModel>& models,
                                const MissingPart& missing) {
  const auto total = pieces.mean(), total_loss = loss.mean();
  std::vector<std::size_t> inside; // a threshold that changes nothing adds nothing
  for (std::size_t i = 0; i < total.size(); ++i)
    if (total[i] >= fewest && total[i] <= most && (inside.empty() || total[i] < total[inside.back()] * 0.999))
      inside.push_back(i);
  if (inside.size() < 6 || total[inside.front()] < 8 * total[inside.back()])
    throw NoFit("too few scales for this fit");
  const std::vector<double> equal(inside.size(), 0.01);
  const auto exponent = [&](const std::vector<double>& n, const std::vector<double>& l,
                            std::optional<std::size_t> without, const PowerLawModel& model, std::size_t first,
                            std::size_t last) {
    const Completer complete(missing, without);
    const double d = without ? dimension.replicates[*without] : dimension.exponent;
    std::vector<double> side, completed;
    for (const std::size_t i : inside) {
      side.push_back(std::pow(n[i], -1 / d));
      completed.push_back(std::exp(complete(n[i], l[i])));
    }
    const double slope = loglog_slope(side, completed, first, last);
    return fit_power_law(side, completed, equal, first, last, model, std::max(0.01, slope - 0.5), slope + 1.0)
               .exponent /
           d;
  };
  const std::size_t end = inside.size() - 1;
  const PowerLawModel straight{"", {}};
  ExponentFit fit;
  fit.exponent = exponent(total, total_loss, {}, models.front(), 0, end);
  for (std::size_t b = 0; b < pieces.blocks(); ++b)
    fit.replicates.push_back(exponent(pieces.mean_without(b), loss.mean_without(b), b, models.front(), 0, end));
  fit.statistical_error = jackknife_error(fit.replicates);
  double farthest = std::abs(exponent(total, total_loss, {}, straight, 0, end) - fit.exponent);
  for (const PowerLawModel& model : models)
    farthest = std::max(farthest, std::abs(exponent(total, total_loss, {}, model, 0, end) - fit.exponent));
  const double halves = std::abs(exponent(total, total_loss, {}, straight, 0, end / 2) -
                                 exponent(total, total_loss, {}, straight, end / 2, end));
  fit.systematic_error = 0.5 * std::max(farthest, halves);
  std::vector<double> n, l;
  for (const std::size_t i : inside) {
    n.push_back(total[i]);
    l.push_back(total_loss[i]);
  }
  fit.loglog_slope = -loglog_slope(n, l, 0, end);
  fit.window[0] = n.back();
  fit.window[1] = n.front();
  fit.points = static_cast<int>(inside.size());
  fit.model =
      models.front().name + " with s = N^(-1/d), d counted" + (missing.variance ? ", L completed below the grid" : "");
  finish(fit, pieces.blocks());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
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
    throw NoFit("too few scales for this fit");
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
    throw NoFit("too few wavenumbers for this fit");
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
  if (spectrum.blocks() < 2) // the shells' own errors know nothing of a curve that is no straight line
    fit.statistical_error *= std::sqrt(std::max(1.0, *fit.chi2_per_dof));
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
