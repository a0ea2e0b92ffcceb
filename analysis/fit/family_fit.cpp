#include "analysis/fit/family_fit.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <Eigen/Dense>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

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
    throw NoFit("too few scales for this fit");
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

namespace {

/// Points of a table inside a window, in increasing x.
FitData inside(const BlockTable& table, double lowest_x, double highest_x) {
  FitData all = prepare(table), data;
  for (std::size_t i = 0; i < all.x.size(); ++i)
    if (all.x[i] >= lowest_x * (1 - 1e-9) && all.x[i] <= highest_x * (1 + 1e-9)) {
      data.x.push_back(all.x[i]);
      data.y.push_back(all.y[i]);
      data.source.push_back(all.source[i]);
    }
  return data;
}

struct GeneralisedFit {
  double hurst, error, amplitude, chi2;
};

/// Gauss-Newton in (log A, h) with a fixed inverse covariance.
GeneralisedFit generalised(const FitData& data, const FamilyCurve& curve, const Eigen::MatrixXd& inverse, double start,
                           std::size_t first, std::size_t last) {
  const auto n = static_cast<Eigen::Index>(last - first + 1);
  const auto log_curve = [&](double h) {
    const auto c = curve(h, {});
    Eigen::VectorXd v(n);
    for (Eigen::Index i = 0; i < n; ++i)
      v(i) = std::log(c[data.source[first + static_cast<std::size_t>(i)]]);
    return v;
  };
  Eigen::VectorXd y(n);
  for (Eigen::Index i = 0; i < n; ++i)
    y(i) = std::log(data.y[first + static_cast<std::size_t>(i)]);
  GeneralisedFit fit{start, 0, 0, 0};
  for (int step = 0; step < 30; ++step) {
    constexpr double delta = 1e-4;
    const double low = std::max(fit.hurst - delta, 0.006), high = low + 2 * delta;
    Eigen::MatrixXd jacobian(n, 2);
    jacobian.col(0).setOnes();
    jacobian.col(1) = (log_curve(high) - log_curve(low)) / (high - low);
    const Eigen::VectorXd residual = y - log_curve(fit.hurst);
    const Eigen::Matrix2d normal = jacobian.transpose() * inverse * jacobian;
    const Eigen::Vector2d change = normal.ldlt().solve(jacobian.transpose() * inverse * residual);
    const Eigen::VectorXd left = residual - jacobian * change;
    fit = {std::clamp(fit.hurst + change(1), 0.01, 3.0), std::sqrt(normal.inverse()(1, 1)), std::exp(change(0)),
           left.dot(inverse * left)};
    if (std::abs(change(1)) < 1e-9)
      break;
  }
  return fit;
}

} // namespace

ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve,
                       const std::vector<std::vector<double>>& covariance, const std::string& name, double lowest_x,
                       double highest_x) {
  const FitData data = inside(table, lowest_x, highest_x);
  const std::size_t n = data.x.size();
  if (n < 3)
    throw NoFit("too few scales for this fit");
  const auto inverse = [&](std::size_t first, std::size_t last) {
    const auto size = static_cast<Eigen::Index>(last - first + 1);
    Eigen::MatrixXd m(size, size);
    for (Eigen::Index i = 0; i < size; ++i)
      for (Eigen::Index j = 0; j < size; ++j)
        m(i, j) = covariance[data.source[first + static_cast<std::size_t>(i)]]
                            [data.source[first + static_cast<std::size_t>(j)]];
    m.diagonal() *= 1 + 1e-6; // the matrix is known to a few per cent: keep it safely positive
    return Eigen::MatrixXd(m.inverse());
  };
  const GeneralisedFit best = generalised(data, curve, inverse(0, n - 1), 0.5, 0, n - 1);
  ExponentFit fit;
  fit.exponent = best.hurst;
  fit.amplitude = best.amplitude;
  fit.statistical_error = best.error;
  double low = best.hurst, high = low;
  for (const auto& [f, l] : {std::pair<std::size_t, std::size_t>{1, n - 1}, {0, n - 2}})
    if (l >= f + 2) {
      const double h = generalised(data, curve, inverse(f, l), best.hurst, f, l).hurst;
      low = std::min(low, h);
      high = std::max(high, h);
    }
  fit.systematic_error = 0.5 * (high - low);
  const double dof = static_cast<double>(n) - 2;
  fit.chi2_per_dof = best.chi2 / dof;
  fit.p_value = gsl_cdf_chisq_Q(best.chi2, dof);
  fit.loglog_slope = loglog_slope(data.x, data.y, 0, n - 1);
  fit.window[0] = data.x.front();
  fit.window[1] = data.x.back();
  fit.points = static_cast<int>(n);
  fit.model = name;
  finish(fit, std::size_t{1} << 30);
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

ExponentFit mapped(const ExponentFit& fit, const std::function<double(double, std::optional<std::size_t>)>& map) {
  ExponentFit result = fit;
  result.exponent = map(fit.exponent, {});
  for (std::size_t b = 0; b < fit.replicates.size(); ++b)
    result.replicates[b] = map(fit.replicates[b], b);
  const double step = std::max(fit.systematic_error, 1e-6);
  const double slope = (map(fit.exponent + step, {}) - map(fit.exponent - step, {})) / (2 * step);
  result.systematic_error = std::abs(slope) * fit.systematic_error;
  result.statistical_error =
      fit.replicates.empty() ? std::abs(slope) * fit.statistical_error : jackknife_error(result.replicates);
  finish(result, fit.replicates.empty() ? std::size_t{1} << 30 : fit.replicates.size());
  result.profile95[0] = result.interval95[0];
  result.profile95[1] = result.interval95[1];
  return result;
}

} // namespace cascade::analysis
