#include "analysis/learners/kernel.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "core/sums/vector_math.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

Eigen::MatrixXd columns_of(const core::PointCloud& cloud, std::int64_t first, std::int64_t count) {
  Eigen::MatrixXd m(cloud.dimension, count);
  for (std::int64_t i = 0; i < count; ++i)
    for (Eigen::Index a = 0; a < m.rows(); ++a)
      m(a, i) = cloud.row(first + i)[static_cast<std::size_t>(a)];
  return m;
}

/// K of squared distances in units of the length, in place.
void apply_kernel(const std::string& kernel, Eigen::MatrixXd& squared) {
  const auto e = [](double x) { return core::vector_math::exponential(std::max(-600.0, x)); };
  const double root3 = std::sqrt(3.0), root5 = std::sqrt(5.0);
  double* const v = squared.data();
  for (Eigen::Index i = 0; i < squared.size(); ++i) {
    const double s = std::max(0.0, v[i]), r = std::sqrt(s);
    if (kernel == "laplace")
      v[i] = e(-r);
    else if (kernel == "matern3")
      v[i] = (1 + root3 * r) * e(-root3 * r);
    else if (kernel == "matern5")
      v[i] = (1 + root5 * r + 5 * s / 3) * e(-root5 * r);
    else
      v[i] = e(-0.5 * s);
  }
}

/// Squared distances of all pairs of columns, coordinate by coordinate: exactly zero on the diagonal.
Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, double length) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(x.cols(), y.cols());
  if (x.rows() > 16) { // the product costs digits near the diagonal, where distances are small beside |x|
    out.noalias() = -2 * x.transpose() * y;
    out.colwise() += x.colwise().squaredNorm().transpose();
    out.rowwise() += y.colwise().squaredNorm();
    return out / (length * length);
  }
  const Eigen::MatrixXd rows = x.transpose();
  for (Eigen::Index j = 0; j < y.cols(); ++j)
    for (Eigen::Index a = 0; a < x.rows(); ++a)
      out.col(j).array() += (rows.col(a).array() - y(a, j)).square();
  return out / (length * length);
}

} // namespace

std::vector<std::int64_t> KernelRidge::sizes(std::int64_t points, std::int64_t) const {
  const std::int64_t largest = std::min<std::int64_t>(points, 2048);
  return doubled_sizes(std::max<std::int64_t>(8, largest / 64), largest);
}

LearnerLoss KernelRidge::learn(const LearnerData& data, std::int64_t size) const {
  const Eigen::Index n = size;
  Eigen::MatrixXd x = columns_of(data.train, 0, n);
  double mean = 0, total = 0;
  for (Eigen::Index i = 0; i < n; ++i)
    total += data.train.weight(i);
  Eigen::VectorXd centre = Eigen::VectorXd::Zero(x.rows());
  for (Eigen::Index i = 0; i < n; ++i)
    centre += data.train.weight(i) / total * x.col(i);
  x.colwise() -= centre;
  double square = 0;
  for (Eigen::Index i = 0; i < n; ++i)
    square += data.train.weight(i) / total * x.col(i).squaredNorm();
  const double length = length_.value_or(2 * std::sqrt(square));
  Eigen::VectorXd y(n);
  for (Eigen::Index i = 0; i < n; ++i)
    mean += data.train.weight(i) * data.train.target[static_cast<std::size_t>(i)] / total;
  for (Eigen::Index i = 0; i < n; ++i)
    y[i] = data.train.target[static_cast<std::size_t>(i)] - mean;
  Eigen::MatrixXd gram = squared_distances(x, x, length);
  apply_kernel(kernel_, gram);
  Eigen::MatrixXd coefficients(n, 2);
  for (int way = 0; way < 2; ++way) {
    Eigen::MatrixXd ridged = gram;
    for (Eigen::Index i = 0; i < n; ++i) // of sum w |f - y|^2 + ridge |f|^2
      ridged(i, i) += ridge_ * (way == 0 ? 1 : 10) / data.train.weight(i);
    coefficients.col(way) = PositiveFactor(ridged).solve(y);
  }
  LearnerLoss out;
  std::vector<double> predicted[2];
  constexpr std::int64_t at_once = 512;
  for (std::int64_t first = 0; first < data.test.size(); first += at_once) {
    Eigen::MatrixXd t = columns_of(data.test, first, std::min(at_once, data.test.size() - first));
    t.colwise() -= centre;
    Eigen::MatrixXd k = squared_distances(x, t, length);
    apply_kernel(kernel_, k);
    const Eigen::MatrixXd values = k.transpose() * coefficients;
    for (int way = 0; way < 2; ++way)
      for (Eigen::Index i = 0; i < values.rows(); ++i)
        predicted[way].push_back(values(i, way) + mean);
  }
  out.loss = mean_square_error(predicted[0], data.test);
  out.checked = mean_square_error(predicted[1], data.test);
  out.predicted = std::move(predicted[0]);
  out.examples = out.parameters = static_cast<double>(n);
  const auto m = static_cast<double>(n);
  out.training_flops = m * m * m / 3 + m * m * (3 * static_cast<double>(data.train.dimension) + 10);
  return out;
}

core::MemoryParts KernelRidge::memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                                      std::int64_t tests) const {
  (void)points;
  (void)tests;
  const auto n = static_cast<double>(size), D = static_cast<double>(dimension);
  return {{"matrices of the kernel", sizeof(double) * n * (3 * n + 2 * D)}};
}

double KernelRidge::cost(std::int64_t size, std::int64_t, std::int64_t dimension) const {
  const auto m = static_cast<double>(size);
  return m * m * m + 4096 * m * static_cast<double>(dimension + 10) * 3;
}

double KernelRidge::smooth_loss_exponent(double d) const {
  const double nu = kernel_ == "laplace" ? 0.5 : kernel_ == "matern3" ? 1.5 : 2.5;
  return kernel_ == "gaussian" ? 0 : 2 * (d + 2 * nu);
}

} // namespace cascade::analysis
