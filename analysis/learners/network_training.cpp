#include "analysis/learners/network_training.hpp"

#include "analysis/learners/relu_layer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::analysis {
namespace {

// Loops over doubles, since Eigen's of truth values are not made of vectors.

/// Back through the ReLU: no slope below a unit that is off.
void stop_where_flat(const double* outputs, double* slopes, Eigen::Index units) {
  for (Eigen::Index j = 0; j < units; ++j)
    slopes[j] = outputs[j] > 0 ? slopes[j] : 0.0;
}

/// The same below the output, whose slope is one number.
void slopes_below_output(const double* outputs, const double* weights, double slope, double* slopes,
                         Eigen::Index units) {
  for (Eigen::Index j = 0; j < units; ++j)
    slopes[j] = outputs[j] > 0 ? weights[j] * slope : 0.0;
}

} // namespace

void AdamState::step(Eigen::MatrixXd& weights, const Eigen::MatrixXd& gradient, double rate) {
  constexpr double keep_first = 0.9, keep_second = 0.999;
  power_first_ *= keep_first;
  power_second_ *= keep_second;
  first_.array() = keep_first * first_.array() + (1 - keep_first) * gradient.array();
  second_.array() = keep_second * second_.array() + (1 - keep_second) * gradient.array().square();
  const double scale = rate / (1 - power_first_), root = 1 / std::sqrt(1 - power_second_);
  weights.array() -= scale * first_.array() / (root * second_.array().sqrt() + 1e-8);
}

double cosine_rate(double rate, std::int64_t step, std::int64_t steps) {
  return rate * 0.5 * (1 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(steps)));
}

Eigen::Index TrainingSet::place(std::int64_t step) const {
  const Eigen::Index places = inputs.cols() - batch + 1;
  const core::Block b = rng.block(repeat << 40 | static_cast<std::uint64_t>(step), 0);
  return static_cast<Eigen::Index>(core::uniform(b[0], b[1]) * static_cast<double>(places));
}

Eigen::MatrixXd train_by_projection(Eigen::MatrixXd weights, const TrainingSet& set, std::int64_t steps, double rate) {
  constexpr double step_ridge = 1e-9;
  AdamState state(weights.rows(), weights.cols());
  Eigen::MatrixXd features, inputs, slopes, gradient;
  Eigen::VectorXd target;
  for (std::int64_t t = 0; t < steps; ++t) {
    const Eigen::Index at = set.place(t);
    inputs = set.inputs.middleCols(at, set.batch); // a copy of its own: the same bits wherever the batch begins
    target = set.target.segment(at, set.batch);
    relu_features(weights, inputs, features);
    Eigen::VectorXd a, left;
    if (set.roots.size() == 0) {
      a = solve_output(features, target, step_ridge);
      left = features.transpose() * a - target;
    } else {
      const Eigen::VectorXd roots = set.roots.segment(at, set.batch);
      a = solve_output(features * roots.asDiagonal(), target.cwiseProduct(roots), step_ridge);
      left = (features.transpose() * a - target).cwiseProduct(roots.cwiseAbs2());
    }
    const Eigen::Index m = weights.rows();
    slopes.resize(m, set.batch);
    for (Eigen::Index i = 0; i < set.batch; ++i)
      slopes.col(i) = (features.col(i).head(m).array() > 0).select(a.head(m) * left[i], 0.0);
    gradient.noalias() = slopes * inputs.transpose();
    gradient *= 2.0 / static_cast<double>(set.batch);
    state.step(weights, gradient, cosine_rate(rate, t, steps));
  }
  return weights;
}

DeepNetwork::DeepNetwork(const Eigen::MatrixXd& first, int depth, const core::CounterRng& rng, std::uint64_t repeat) {
  const Eigen::Index width = first.rows();
  layers_.push_back(first);
  for (int l = 1; l <= depth; ++l) {
    const bool output = l == depth;
    Eigen::MatrixXd w = Eigen::MatrixXd::Zero(output ? 1 : width, width + 1);
    const double deviation = std::sqrt((output ? 1.0 : 2.0) / static_cast<double>(width));
    for (Eigen::Index r = 0; r < w.rows(); ++r)
      for (Eigen::Index c = 0; c < width; ++c) {
        const core::Block b = rng.block(
            repeat << 40 | static_cast<std::uint64_t>(l) << 32 | static_cast<std::uint64_t>(r * width + c), 1);
        w(r, c) = deviation * std::sqrt(-2 * std::log(core::uniform(b[0], b[1]))) *
                  std::cos(2 * std::numbers::pi * core::uniform(b[2], b[3]));
      }
    layers_.push_back(w);
  }
  for (const Eigen::MatrixXd& w : layers_)
    states_.emplace_back(w.rows(), w.cols());
  outputs_.resize(layers_.size());
  slopes_.resize(layers_.size());
  gradients_ = layers_; // of the same shapes
}

double DeepNetwork::add_gradients(const Eigen::VectorXd& target, const Eigen::VectorXd& roots, double scale) {
  const std::size_t hidden = layers_.size() - 1;
  for (std::size_t l = 0; l < hidden; ++l)
    relu_features(layers_[l], l == 0 ? inputs_ : outputs_[l - 1], outputs_[l]);
  slopes_[hidden].noalias() = layers_[hidden] * outputs_[hidden - 1];
  slopes_[hidden] -= target.transpose();
  if (roots.size() > 0)
    slopes_[hidden] *= roots.asDiagonal();
  const double square = slopes_[hidden].squaredNorm();
  if (roots.size() > 0)
    slopes_[hidden] *= roots.asDiagonal();
  slopes_[hidden] *= scale;
  for (std::size_t l = hidden + 1; l-- > 0;) {
    gradients_[l].noalias() += slopes_[l] * (l == 0 ? inputs_ : outputs_[l - 1]).transpose();
    if (l == 0)
      break;
    const Eigen::Index width = layers_[l - 1].rows(); // the row of ones has no weights below
    const Eigen::MatrixXd& units = outputs_[l - 1];
    Eigen::MatrixXd& slopes = slopes_[l - 1];
    slopes.resize(width, inputs_.cols());
    if (l < hidden)
      slopes.noalias() = layers_[l].leftCols(width).transpose() * slopes_[l];
    for (Eigen::Index i = 0; i < inputs_.cols(); ++i) {
      if (l < hidden)
        stop_where_flat(units.col(i).data(), slopes.col(i).data(), width);
      else
        slopes_below_output(units.col(i).data(), layers_[l].data(), slopes_[l](0, i), slopes.col(i).data(), width);
    }
  }
  return square;
}

double DeepNetwork::step(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& target, double rate,
                         const Eigen::VectorXd& roots) {
  constexpr Eigen::Index at_once = examples_at_once;
  const auto n = static_cast<double>(inputs.cols());
  double square = 0;
  for (Eigen::MatrixXd& gradient : gradients_)
    gradient.setZero();
  for (Eigen::Index first = 0; first < inputs.cols(); first += at_once) {
    const Eigen::Index count = std::min(at_once, inputs.cols() - first);
    inputs_ = inputs.middleCols(first, count);
    square += add_gradients(target.segment(first, count),
                            roots.size() == 0 ? roots : Eigen::VectorXd(roots.segment(first, count)), 2 / n);
  }
  for (std::size_t l = 0; l < layers_.size(); ++l)
    states_[l].step(layers_[l], gradients_[l], rate);
  return square / n;
}

void DeepNetwork::features(const Eigen::MatrixXd& inputs, Eigen::MatrixXd& out) const {
  relu_features(layers_[0], inputs, out);
  for (std::size_t l = 1; l + 1 < layers_.size(); ++l) {
    Eigen::MatrixXd next;
    relu_features(layers_[l], out, next);
    out = std::move(next);
  }
}

double DeepNetwork::parameters() const {
  double sum = 0;
  for (const Eigen::MatrixXd& w : layers_)
    sum += static_cast<double>(w.size());
  return sum;
}

} // namespace cascade::analysis
