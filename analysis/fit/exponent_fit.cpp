#include "analysis/fit/exponent_fit.hpp"

#include <Eigen/Dense>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cascade::analysis {
namespace {

/// Table and replicates turned into what the fits need, computed once.
struct Data {
  std::vector<double> x, y, error;
  std::vector<std::vector<double>> replicates;
};

double jackknife_error(const std::vector<double>& replicates) {
  const auto n = static_cast<double>(replicates.size());
  double mean = 0, square = 0;
  for (double r : replicates)
    mean += r / n;
  for (double r : replicates)
    square += (r - mean) * (r - mean);
  return std::sqrt(square * (n - 1) / n);
}

/// Points sorted by increasing x, those without a positive finite mean left out.
Data prepare(const BlockTable& table) {
  const auto mean = table.mean();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < table.points(); ++i)
    if (std::isfinite(mean[i]) && mean[i] > 0)
      order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return table.x[a] < table.x[b]; });
  Data data;
  for (std::size_t i : order) {
    data.x.push_back(table.x[i]);
    data.y.push_back(mean[i]);
  }
  for (std::size_t b = 0; b < table.blocks(); ++b) {
    const auto without = table.mean_without(b);
    auto& replicate = data.replicates.emplace_back();
    for (std::size_t i : order)
      replicate.push_back(without[i] > 0 && std::isfinite(without[i]) ? without[i] : mean[i]);
  }
  return data;
}

/// Relative error of each point once the replicate's common factor over the window is taken out.
void set_errors(Data& data, std::size_t first, std::size_t last) {
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
}

struct Candidate {
  PowerLawFit fit;
  std::vector<double> replicates;
  std::size_t first = 0, last = 0;
  const PowerLawModel* model = nullptr;
  double statistical = 0, t2 = 0, p_value = 0;
  int dof = 0;
};

/// Hotelling T^2 of the fit's residuals with their jackknife covariance, and its p-value.
void judge_fit(Candidate& c, const std::vector<std::vector<double>>& residuals) {
  const auto n = static_cast<Eigen::Index>(c.fit.residual.size());
  const auto blocks = static_cast<double>(residuals.size());
  c.dof = static_cast<int>(n) - static_cast<int>(c.model->corrections.size()) - 2;
  if (c.dof < 1 || blocks < c.dof + 2) {
    c.p_value = 1;
    c.dof = std::max(c.dof, 0);
    return;
  }
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(n);
  for (const auto& r : residuals)
    mean += Eigen::Map<const Eigen::VectorXd>(r.data(), n) / blocks;
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(n, n);
  for (const auto& r : residuals) {
    const Eigen::VectorXd d = Eigen::Map<const Eigen::VectorXd>(r.data(), n) - mean;
    covariance += d * d.transpose() * (blocks - 1) / blocks;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(covariance);
  const Eigen::VectorXd projected =
      eigen.eigenvectors().transpose() * Eigen::Map<const Eigen::VectorXd>(c.fit.residual.data(), n);
  for (Eigen::Index i = n - c.dof; i < n; ++i) // the residuals live in a space of dof dimensions
    c.t2 += projected(i) * projected(i) / std::max(eigen.eigenvalues()(i), 1e-300);
  const double f = c.t2 * (blocks - c.dof) / ((blocks - 1) * c.dof);
  c.p_value = gsl_cdf_fdist_Q(f, c.dof, blocks - c.dof);
}

Candidate make_candidate(Data& data, std::size_t first, std::size_t last, const PowerLawModel& model) {
  Candidate c;
  c.first = first;
  c.last = last;
  c.model = &model;
  set_errors(data, first, last);
  const double slope = loglog_slope(data.x, data.y, first, last);
  c.fit = fit_power_law(data.x, data.y, data.error, first, last, model,
                        slope > 0 ? std::max(slope - 1.0, 0.005) : slope - 1.0, slope + 1.0);
  std::vector<std::vector<double>> residuals;
  for (const auto& r : data.replicates) {
    const PowerLawFit f =
        fit_power_law(data.x, r, data.error, first, last, model, c.fit.exponent - 0.1, c.fit.exponent + 0.1);
    c.replicates.push_back(f.exponent);
    residuals.push_back(f.residual);
  }
  c.statistical = jackknife_error(c.replicates);
  judge_fit(c, residuals);
  return c;
}

/// Exponents at which the profile chi^2, scaled so that its curvature matches the jackknife error, reaches t^2.
void profile_interval(const Data& data, const Candidate& c, double t, ExponentFit& result) {
  const auto chi2 = [&](double a) {
    return profile_chi2(data.x, data.y, data.error, c.first, c.last, *c.model, a) - c.fit.chi2;
  };
  const double s = std::max(c.statistical, 1e-9);
  const double unit = 0.5 * (chi2(c.fit.exponent + s) + chi2(c.fit.exponent - s));
  for (int side = 0; side < 2; ++side) {
    const double sign = side == 0 ? -1 : 1;
    double low = 0, high = 8 * t * s;
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (low + high);
      (chi2(c.fit.exponent + sign * middle) < t * t * unit ? low : high) = middle;
    }
    result.profile95[side] = c.fit.exponent + sign * low;
  }
}

void finish(ExponentFit& result, std::size_t blocks) {
  result.standard_error = std::hypot(result.statistical_error, result.systematic_error);
  const double t = gsl_cdf_tdist_Pinv(0.975, static_cast<double>(std::max<std::size_t>(blocks, 2) - 1));
  result.interval95[0] = result.exponent - t * result.standard_error;
  result.interval95[1] = result.exponent + t * result.standard_error;
}

} // namespace

ExponentFit fit_exponent(const BlockTable& table, const std::vector<PowerLawModel>& models, const FitOptions& options) {
  Data data = prepare(table);
  const double low = options.window ? (*options.window)[0] : options.lowest_x;
  const double high = options.window ? (*options.window)[1] : options.highest_x;
  std::size_t first = 0, last = 0;
  while (first < data.x.size() && data.x[first] < low * (1 - 1e-9))
    ++first;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] <= high * (1 + 1e-9))
      last = i;
  const std::size_t least = models.front().corrections.size() + 3;
  if (last < first || last - first + 1 < least)
    throw std::invalid_argument("too few scales for this fit");
  const std::size_t shortest =
      std::min(last - first, first + 5 > last ? last - first : std::max<std::size_t>(least, 6) - 1);

  Candidate chosen = make_candidate(data, first, last, models.front());
  while (!options.window && chosen.p_value < 0.05 && last - 1 - first >= shortest) {
    Candidate next = make_candidate(data, first, --last, models.front());
    chosen = std::move(next);
  }
  double lowest = chosen.fit.exponent, highest = lowest;
  const auto widen = [&](const Candidate& c) {
    if (c.p_value < 0.01 || c.statistical > 3 * chosen.statistical)
      return; // a fit that fails, or says nothing, is no reason to doubt the chosen one
    lowest = std::min(lowest, c.fit.exponent);
    highest = std::max(highest, c.fit.exponent);
  };
  for (std::size_t m = 0; m < models.size(); ++m)
    for (std::size_t cut = m == 0 ? 1 : 0; cut <= 2 && last - cut - first >= shortest; ++cut)
      if (last - first - cut + 1 >= models[m].corrections.size() + 3)
        widen(make_candidate(data, first, last - cut, models[m]));
  set_errors(data, chosen.first, chosen.last);

  ExponentFit result;
  result.exponent = chosen.fit.exponent;
  result.statistical_error = chosen.statistical;
  result.systematic_error = 0.5 * (highest - lowest);
  result.chi2_per_dof = chosen.dof > 0 ? chosen.t2 / chosen.dof : 0;
  result.p_value = chosen.p_value;
  result.loglog_slope = loglog_slope(data.x, data.y, chosen.first, chosen.last);
  result.window[0] = data.x[chosen.first];
  result.window[1] = data.x[chosen.last];
  result.points = static_cast<int>(chosen.last - chosen.first + 1);
  result.model = chosen.model->name;
  result.replicates = chosen.replicates;
  finish(result, table.blocks());
  profile_interval(data, chosen,
                   gsl_cdf_tdist_Pinv(0.975, static_cast<double>(std::max<std::size_t>(table.blocks(), 2) - 1)),
                   result);
  return result;
}

ExponentFit ratio_of_exponents(const ExponentFit& a, const ExponentFit& b) {
  ExponentFit result = a;
  result.exponent = a.exponent / b.exponent;
  for (std::size_t i = 0; i < result.replicates.size(); ++i)
    result.replicates[i] = a.replicates[i] / b.replicates[i];
  result.statistical_error = jackknife_error(result.replicates);
  result.systematic_error = std::hypot(a.systematic_error, result.exponent * b.systematic_error) / b.exponent;
  for (double* p : {&result.profile95[0], &result.profile95[1]})
    *p /= b.exponent;
  result.loglog_slope = a.loglog_slope / b.loglog_slope;
  finish(result, a.replicates.size());
  return result;
}

ExponentFit scaled(ExponentFit fit, double factor) {
  fit.exponent *= factor;
  for (double* p :
       {&fit.statistical_error, &fit.systematic_error, &fit.loglog_slope, &fit.profile95[0], &fit.profile95[1]})
    *p *= factor;
  for (double& r : fit.replicates)
    r *= factor;
  if (factor < 0)
    std::swap(fit.profile95[0], fit.profile95[1]);
  fit.statistical_error = std::abs(fit.statistical_error);
  fit.systematic_error = std::abs(fit.systematic_error);
  finish(fit, fit.replicates.size());
  return fit;
}

} // namespace cascade::analysis
