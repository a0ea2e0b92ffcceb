#include "analysis/fit/family_fit.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cascade::analysis {
namespace {

/// One weighted fit; holds the window.
struct FamilyProblem {
  const FitData& data;
  const FamilyCurve& curve;
  std::size_t first, last;

  double chi2(double h, const std::vector<double>& y, std::optional<std::size_t> without,
              std::vector<double>* residual = nullptr, double* amplitude = nullptr) const {
    const auto c = curve(h, without);
    double weight = 0, mean = 0, sum = 0;
    std::vector<double> difference;
    for (std::size_t i = first; i <= last; ++i) {
      const double value = c[data.source[i]];
      difference.push_back(value > 0 ? std::log(y[i] / value) : std::numeric_limits<double>::infinity());
      const double w = 1 / (data.error[i] * data.error[i]);
      weight += w;
      mean += w * difference.back();
    }
    mean /= weight;
    if (amplitude != nullptr)
      *amplitude = std::exp(mean);
    for (std::size_t i = first; i <= last; ++i) {
      const double r = difference[i - first] - mean;
      sum += r * r / (data.error[i] * data.error[i]);
      if (residual != nullptr)
        residual->push_back(r);
    }
    return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
  }

  double minimise(const std::vector<double>& y, std::optional<std::size_t> without, double low, double high,
                  int scan) const {
    double best = low, best_chi2 = std::numeric_limits<double>::infinity();
    const double step = (high - low) / scan;
    for (int i = 0; i <= scan; ++i) {
      const double value = chi2(low + i * step, y, without);
      if (value < best_chi2) {
        best_chi2 = value;
        best = low + i * step;
      }
    }
    constexpr double ratio = 0.6180339887498949;
    double a = best - step, b = best + step;
    double c = b - ratio * (b - a), d = a + ratio * (b - a), fc = chi2(c, y, without), fd = chi2(d, y, without);
    while (b - a > 1e-6) {
      const bool left = fc < fd;
      (left ? b : a) = left ? d : c;
      (left ? d : c) = left ? c : d;
      (left ? fd : fc) = left ? fc : fd;
      double& moved = left ? c : d;
      moved = left ? b - ratio * (b - a) : a + ratio * (b - a);
      (left ? fc : fd) = chi2(moved, y, without);
    }
    return 0.5 * (a + b);
  }
};

} // namespace

ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve, const std::string& name, double lowest_x,
                       double highest_x) {
  FitData data = prepare(table);
  std::size_t first = data.x.size(), last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] >= lowest_x * (1 - 1e-9) && data.x[i] <= highest_x * (1 + 1e-9)) {
      first = std::min(first, i);
      last = i;
    }
  if (first + 2 > last)
    throw std::invalid_argument("too few scales for this fit");
  set_errors(data, first, last);
  const FamilyProblem problem{data, curve, first, last};
  ExponentFit fit;
  fit.exponent = problem.minimise(data.y, {}, 0.01, 3.01, 30);
  std::vector<double> residual;
  problem.chi2(fit.exponent, data.y, {}, &residual, &fit.amplitude);
  std::vector<std::vector<double>> residuals;
  for (std::size_t b = 0; b < data.replicates.size(); ++b) {
    fit.replicates.push_back(problem.minimise(data.replicates[b], b, fit.exponent - 0.05, fit.exponent + 0.05, 4));
    std::vector<double> r;
    fit.replicate_amplitudes.emplace_back();
    problem.chi2(fit.replicates.back(), data.replicates[b], b, &r, &fit.replicate_amplitudes.back());
    residuals.push_back(std::move(r));
  }
  fit.statistical_error = jackknife_error(fit.replicates);
  double low = fit.exponent, high = fit.exponent;
  for (const auto& [f, l] : {std::pair{first + 1, last}, std::pair{first, last - 1}})
    if (l >= f + 2) {
      const double h = FamilyProblem{data, curve, f, l}.minimise(data.y, {}, 0.01, 3.01, 30);
      low = std::min(low, h);
      high = std::max(high, h);
    }
  fit.systematic_error = 0.5 * (high - low);
  const FitQuality quality = hotelling(residual, residuals, 2);
  fit.chi2_per_dof = quality.dof > 0 ? quality.t2 / quality.dof : 0;
  fit.p_value = quality.p_value;
  fit.loglog_slope = loglog_slope(data.x, data.y, first, last);
  fit.window[0] = data.x[first];
  fit.window[1] = data.x[last];
  fit.points = static_cast<int>(last - first + 1);
  fit.model = name;
  finish(fit, table.blocks());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

ExponentFit mapped(const ExponentFit& fit, const std::function<double(double, std::optional<std::size_t>)>& map) {
  ExponentFit result = fit;
  result.exponent = map(fit.exponent, {});
  for (std::size_t b = 0; b < fit.replicates.size(); ++b)
    result.replicates[b] = map(fit.replicates[b], b);
  result.statistical_error = jackknife_error(result.replicates);
  const double step = std::max(fit.systematic_error, 1e-6);
  const double slope = (map(fit.exponent + step, {}) - map(fit.exponent - step, {})) / (2 * step);
  result.systematic_error = std::abs(slope) * fit.systematic_error;
  finish(result, fit.replicates.size());
  result.profile95[0] = result.interval95[0];
  result.profile95[1] = result.interval95[1];
  return result;
}

} // namespace cascade::analysis
