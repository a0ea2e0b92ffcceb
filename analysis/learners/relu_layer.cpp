#include "analysis/learners/relu_layer.hpp"

#include "analysis/algebra/decompositions.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::analysis {

NetworkInputs::NetworkInputs(const core::PointCloud& train) {
  const Eigen::MatrixXd raw = [&] {
    centre = Eigen::VectorXd::Zero(train.dimension);
    return columns(train, 0, train.size());
  }();
  double total = static_cast<double>(raw.cols());
  if (train.weights.empty()) {
    centre = raw.topRows(train.dimension).rowwise().mean();
  } else {
    total = 0;
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(train.dimension);
    for (Eigen::Index i = 0; i < raw.cols(); ++i) {
      sum += train.weight(i) * raw.col(i).head(train.dimension);
      total += train.weight(i);
    }
    centre = sum / total;
  }
  double square = 0;
  for (Eigen::Index i = 0; i < raw.cols(); ++i)
    for (Eigen::Index a = 0; a < train.dimension; ++a)
      square += train.weight(i) * ((raw(a, i) - centre[a]) * (raw(a, i) - centre[a]));
  square /= total * static_cast<double>(train.dimension);
  scale = square > 0 ? 1 / std::sqrt(square) : 1;
}

Eigen::MatrixXd NetworkInputs::columns(const core::PointCloud& cloud, std::int64_t first, std::int64_t count) const {
  Eigen::MatrixXd m(cloud.dimension + 1, count);
  for (std::int64_t i = 0; i < count; ++i) {
    for (Eigen::Index a = 0; a < cloud.dimension; ++a)
      m(a, i) = (cloud.row(first + i)[static_cast<std::size_t>(a)] - centre[a]) * scale;
    m(cloud.dimension, i) = 1;
  }
  return m;
}

Eigen::MatrixXd hinges_on_data(const Eigen::MatrixXd& points, std::int64_t units, std::uint64_t seed,
                               core::Stream stream, std::uint64_t repeat) {
  const core::CounterRng rng(seed, stream);
  const Eigen::Index D = points.rows() - 1;
  Eigen::MatrixXd weights(units, D + 1);
  for (Eigen::Index u = 0; u < units; ++u) {
    const std::uint64_t index = repeat << 32 | static_cast<std::uint64_t>(u);
    Eigen::VectorXd w(D);
    for (Eigen::Index a = 0; a < D; ++a) {
      const core::Block b = rng.block(index, static_cast<std::uint32_t>(a) + 1);
      w[a] = std::sqrt(-2 * std::log(core::uniform(b[0], b[1]))) *
             std::cos(2 * std::numbers::pi * core::uniform(b[2], b[3]));
    }
    w /= w.norm();
    const core::Block b = rng.block(index);
    const Eigen::Index at = core::uniform_below(b[0], static_cast<std::uint32_t>(points.cols()));
    double bias = 0;
    for (Eigen::Index a = 0; a < D; ++a) {
      weights(u, a) = w[a];
      bias -= w[a] * points(a, at);
    }
    weights(u, D) = bias;
  }
  return weights;
}

void relu_features(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& inputs, Eigen::MatrixXd& features) {
  features.resize(weights.rows() + 1, inputs.cols());
  auto units = features.topRows(weights.rows());
  units.noalias() = weights * inputs;
  units = units.cwiseMax(0);
  features.row(weights.rows()).setOnes();
}

namespace {

Eigen::VectorXd solve_normal(Eigen::MatrixXd normal, const Eigen::VectorXd& right, double ridge) {
  normal.diagonal().array() += ridge * normal.diagonal().mean();
  return PositiveFactor(normal).solve(right);
}

} // namespace

Eigen::VectorXd solve_output(const Eigen::MatrixXd& features, const Eigen::VectorXd& y, double ridge) {
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(features.rows(), features.rows());
  normal.selfadjointView<Eigen::Lower>().rankUpdate(features);
  return solve_normal(std::move(normal), features * y, ridge);
}

Eigen::VectorXd solve_output(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& inputs, const Eigen::VectorXd& y,
                             const Eigen::VectorXd& roots, double ridge) {
  constexpr Eigen::Index at_once = 2048;
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(weights.rows() + 1, weights.rows() + 1), features;
  Eigen::VectorXd right = Eigen::VectorXd::Zero(normal.rows());
  for (Eigen::Index first = 0; first < inputs.cols(); first += at_once) {
    const Eigen::Index count = std::min(at_once, inputs.cols() - first);
    const Eigen::MatrixXd some = inputs.middleCols(first, count);
    Eigen::VectorXd part = y.segment(first, count);
    relu_features(weights, some, features);
    if (roots.size() > 0) {
      features *= roots.segment(first, count).asDiagonal();
      part.array() *= roots.segment(first, count).array();
    }
    normal.selfadjointView<Eigen::Lower>().rankUpdate(features);
    right += features * part;
  }
  return solve_normal(std::move(normal), right, ridge);
}

Eigen::VectorXd targets_of(const core::PointCloud& cloud, std::int64_t first, std::int64_t count) {
  Eigen::VectorXd y(count);
  for (std::int64_t i = 0; i < count; ++i)
    y[i] = cloud.target[static_cast<std::size_t>(first + i)];
  return y;
}

Eigen::VectorXd weight_roots(const core::PointCloud& cloud, std::int64_t first, std::int64_t count) {
  Eigen::VectorXd roots(cloud.weights.empty() ? 0 : count);
  for (Eigen::Index i = 0; i < roots.size(); ++i)
    roots[i] = std::sqrt(cloud.weight(first + i));
  return roots;
}

} // namespace cascade::analysis
