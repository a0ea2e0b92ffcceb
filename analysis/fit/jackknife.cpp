#include "analysis/fit/jackknife.hpp"

#include <Eigen/Dense>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

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
      replicate.push_back(without[i] > 0 && std::isfinite(without[i]) ? without[i] : mean[i]);
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
}

FitQuality hotelling(const std::vector<double>& residual, const std::vector<std::vector<double>>& replicates,
                     int parameters) {
  const auto n = static_cast<Eigen::Index>(residual.size());
  const auto blocks = static_cast<double>(replicates.size());
  FitQuality quality;
  quality.dof = std::max(0, static_cast<int>(n) - parameters);
  if (quality.dof < 1 || blocks < quality.dof + 2)
    return quality;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(n);
  for (const auto& r : replicates)
    mean += Eigen::Map<const Eigen::VectorXd>(r.data(), n) / blocks;
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(n, n);
  for (const auto& r : replicates) {
    const Eigen::VectorXd d = Eigen::Map<const Eigen::VectorXd>(r.data(), n) - mean;
    covariance += d * d.transpose() * (blocks - 1) / blocks;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(covariance);
  if (eigen.eigenvalues()(n - 1) < 1e-20)
    return quality; // counts without spread: nothing to test against
  const Eigen::VectorXd projected =
      eigen.eigenvectors().transpose() * Eigen::Map<const Eigen::VectorXd>(residual.data(), n);
  for (Eigen::Index i = n - quality.dof; i < n; ++i) // the residuals live in a space of dof dimensions
    quality.t2 += projected(i) * projected(i) / std::max(eigen.eigenvalues()(i), 1e-300);
  const double f = quality.t2 * (blocks - quality.dof) / ((blocks - 1) * quality.dof);
  quality.p_value = gsl_cdf_fdist_Q(f, quality.dof, blocks - quality.dof);
  return quality;
}

} // namespace cascade::analysis
