#include "analysis/blind/marginal_fit.hpp"

#include "analysis/algebra/decompositions.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr int many_points = 14; // from here on every second end of a range will do

struct ScalingRange {
  int first, last;
};

std::vector<ScalingRange> scaling_ranges(int points, int shortest) {
  std::vector<ScalingRange> result;
  const int step = points >= many_points ? 2 : 1;
  for (int first = 0; first <= points / 2; ++first)
    for (int last = points; last >= (points + 1) / 2; last -= step)
      if (last - first >= shortest)
        result.push_back({first, last});
  return result;
}

/// The shape of a correction as it stands beside a range.
Vector shape_beside(const BlindCorrection& correction, const ScalingRange& range) {
  const bool from_first = correction.where == BlindCorrection::Where::from_first;
  Vector z = correction.shape;
  if (correction.relative)
    z /= correction.shape(from_first ? range.first : range.last - 1);
  if (from_first)
    z.head(range.first).setZero();
  else if (correction.where == BlindCorrection::Where::to_last)
    z.tail(z.size() - range.last).setZero();
  return z;
}

struct WeighedModel {
  double value, variance, log_weight, chi2;
  Vector estimator;
  ScalingRange range;
  const std::vector<int>* set; ///< null: slope zero
};

WeighedModel fit_one(const ModelFamily& family, const ScalingRange& range, const std::vector<int>& set) {
  Vector y = family.y;
  Matrix Z = family.covariance;
  const auto n = static_cast<int>(y.size());
  for (int i = 0; i < n; ++i)
    if (i < range.first || i >= range.last)
      Z(i, i) += family.cut * family.cut;
  double log_prior = 0;
  for (const int place : set) {
    const BlindCorrection& correction = family.corrections[static_cast<std::size_t>(place)];
    const Vector z = shape_beside(correction, range);
    Z += correction.tau * correction.tau * z * z.transpose();
    y -= correction.mean * z;
    log_prior += correction.log_prior;
  }
  const MarginalFit fit = marginal_fit(y, family.X, Z);
  double likelihood = fit.log_likelihood;
  if (family.prior_slope) {
    const Vector slope = family.X.col(1).array() - family.X.col(1).mean();
    Z += *family.prior_slope * *family.prior_slope * slope * slope.transpose();
    likelihood = marginal_fit(y, family.X.leftCols(1), Z).log_likelihood;
  }
  return {fit.coefficients(1),
          fit.covariance(1, 1),
          likelihood + log_prior,
          fit.chi2,
          fit.estimator.row(1).transpose(),
          range,
          &set};
}

WeighedModel without_slope(const ModelFamily& family) {
  const MarginalFit fit = marginal_fit(family.y, family.X.leftCols(1), family.covariance);
  const auto n = static_cast<int>(family.y.size());
  return {0, 0, fit.log_likelihood, fit.chi2, Vector::Zero(n), {0, n}, nullptr};
}

/// Place below which the mixture of normals has the probability `p`.
double quantile(const std::vector<WeighedModel>& models, const std::vector<double>& weights, double p, double low,
                double high) {
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    double below = 0;
    for (std::size_t m = 0; m < models.size(); ++m)
      if (models[m].variance > 0)
        below += weights[m] * gsl_cdf_ugaussian_P((middle - models[m].value) / std::sqrt(models[m].variance));
      else
        below += models[m].value <= middle ? weights[m] : 0.0;
    (below < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double error_of_mixture(const std::vector<WeighedModel>& models, const std::vector<double>& weights, double mean) {
  constexpr double central = 0.8;
  double variance = 0;
  for (std::size_t m = 0; m < models.size(); ++m)
    variance += weights[m] * (models[m].variance + (models[m].value - mean) * (models[m].value - mean));
  const double reach = 10 * std::sqrt(variance), tail = 0.5 * (1 - central);
  const double width = quantile(models, weights, 1 - tail, mean - reach, mean + reach) -
                       quantile(models, weights, tail, mean - reach, mean + reach);
  return 0.5 * width / gsl_cdf_ugaussian_Qinv(tail);
}

} // namespace

MarginalFit marginal_fit(const Vector& y, const Matrix& X, const Matrix& Z) {
  const PositiveFactor factor(Z);
  const Matrix solved = factor.solve(X);
  const PositiveFactor normal(X.transpose() * solved);
  MarginalFit fit;
  fit.covariance = normal.solve(Matrix(Matrix::Identity(X.cols(), X.cols())));
  fit.estimator = fit.covariance * solved.transpose();
  fit.coefficients = fit.estimator * y;
  const Vector rest = y - X * fit.coefficients;
  fit.chi2 = rest.dot(factor.solve(rest));
  fit.log_likelihood = -0.5 * fit.chi2 - factor.half_log_determinant() - normal.half_log_determinant();
  return fit;
}

ModelAverage average_models(const ModelFamily& family) {
  std::vector<WeighedModel> models;
  for (const ScalingRange& range : scaling_ranges(static_cast<int>(family.y.size()), family.shortest))
    for (const std::vector<int>& set : family.sets)
      models.push_back(fit_one(family, range, set));
  if (models.empty())
    throw std::invalid_argument("average_models: fewer points than the shortest range");
  if (family.prior_slope)
    models.push_back(without_slope(family));
  const auto best = std::max_element(models.begin(), models.end(), [](const WeighedModel& a, const WeighedModel& b) {
    return a.log_weight < b.log_weight;
  });
  std::vector<double> weights;
  double total = 0;
  for (const WeighedModel& model : models)
    total += weights.emplace_back(std::exp(model.log_weight - best->log_weight));
  ModelAverage average;
  average.estimator = Vector::Zero(family.y.size());
  for (std::size_t m = 0; m < models.size(); ++m) {
    const double weight = weights[m] /= total;
    average.value += weight * models[m].value;
    average.estimator += weight * models[m].estimator;
    average.range += weight * (models[m].range.last - models[m].range.first);
    average.corrected += models[m].set && !models[m].set->empty() ? weight : 0.0;
    average.zero += models[m].set ? 0.0 : weight;
  }
  average.error = error_of_mixture(models, weights, average.value);
  average.chi2 = best->chi2;
  average.first = best->range.first;
  average.last = best->range.last;
  if (best->set)
    for (const int place : *best->set)
      average.corrections += family.corrections[static_cast<std::size_t>(place)].name;
  average.models = static_cast<int>(models.size());
  return average;
}

} // namespace cascade::analysis
