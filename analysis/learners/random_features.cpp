#include "analysis/learners/random_features.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/learners/relu_layer.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr core::Stream feature_draws{65};
constexpr double feature_ridge = 1e-13; // of the mean square of a feature: units whose features are nearly the same

std::int64_t examples_for(std::int64_t width, std::int64_t points) {
  return std::min(points, std::max<std::int64_t>(16 * width, 4096));
}

} // namespace

std::vector<std::int64_t> RandomFeatures::sizes(std::int64_t points, std::int64_t) const {
  if (over_data_)
    return doubled_sizes(std::max<std::int64_t>(2 * width_, points / 64), points);
  std::int64_t largest = 8;
  while (2 * largest <= 512 && examples_for(2 * largest, points) >= 16 * largest)
    largest *= 2;
  return doubled_sizes(8, largest);
}

LearnerLoss RandomFeatures::learn(const LearnerData& data, std::int64_t size) const {
  const std::int64_t width = over_data_ ? width_ : size;
  const std::int64_t n = over_data_ ? size : examples_for(width, data.train.size());
  const NetworkInputs scaled(data.train);
  const Eigen::MatrixXd inputs = scaled.columns(data.train, 0, n);
  const Eigen::MatrixXd weights = hinges_on_data(inputs, width, data.seed, feature_draws, data.repeat);
  Eigen::MatrixXd features;
  relu_features(weights, inputs, features);
  Eigen::VectorXd target = targets_of(data.train, 0, n);
  if (const Eigen::VectorXd roots = weight_roots(data.train, 0, n); roots.size() > 0) {
    features *= roots.asDiagonal();
    target.array() *= roots.array();
  }
  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + width + 1, width + 1);
  system.topRows(n) = features.transpose();
  const double small = std::sqrt(feature_ridge * features.squaredNorm() / static_cast<double>(width + 1));
  system.bottomRows(width + 1).diagonal().setConstant(small);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(system.rows());
  right.head(n) = target;
  const Eigen::VectorXd a = full_rank_least_squares(system, right);
  const Eigen::MatrixXd tests = scaled.columns(data.test, 0, data.test.size());
  relu_features(weights, tests, features);
  const Eigen::VectorXd values = features.transpose() * a;
  LearnerLoss out;
  out.predicted.assign(values.data(), values.data() + values.size());
  out.loss = out.checked = mean_square_error(out.predicted, data.test);
  out.examples = static_cast<double>(n);
  out.parameters = static_cast<double>(width + 1);
  const auto m = static_cast<double>(width);
  out.training_flops = 2 * out.examples * m * (m + static_cast<double>(data.train.dimension));
  return out;
}

core::MemoryParts RandomFeatures::memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                                         std::int64_t tests) const {
  const std::int64_t width = over_data_ ? width_ : size;
  const auto n = static_cast<double>(over_data_ ? size : examples_for(width, points)),
             m = static_cast<double>(width + 1), D = static_cast<double>(dimension + 1);
  const double solving = n * (3 * m + D), scaling = static_cast<double>(points) * D,
               testing = static_cast<double>(tests) * (m + D) + n * D;
  return {{"features of the examples, and their factors", sizeof(double) * std::max({solving, scaling, testing})}};
}

double RandomFeatures::cost(std::int64_t size, std::int64_t points, std::int64_t) const {
  const std::int64_t width = over_data_ ? width_ : size;
  const auto m = static_cast<double>(width);
  return 2 * m * m * static_cast<double>(over_data_ ? size : examples_for(width, points));
}

} // namespace cascade::analysis
