#include "analysis/learners/network.hpp"

#include "analysis/learners/network_training.hpp"
#include "analysis/learners/relu_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr core::Stream hidden_draws{66};
constexpr core::Stream training_draws{67};
constexpr double last_ridge = 1e-13;

std::vector<double> values_of(const Eigen::MatrixXd& features, const Eigen::VectorXd& a) {
  const Eigen::VectorXd values = features.transpose() * a;
  return {values.data(), values.data() + values.size()};
}

} // namespace

NetworkLearner::NetworkLearner(const LearnerOptions& options)
    : options_(options), projected_(options.method == "varpro"), over_data_(options.resource == "data") {}

std::string NetworkLearner::name() const {
  return fmt::format("network{}{}", options_.depth > 1 ? fmt::format("_depth{}", options_.depth) : "",
                     projected_ ? "" : "_adam");
}

std::string NetworkLearner::title() const {
  return fmt::format("ReLU network, {}{}", options_.depth > 1 ? fmt::format("{} hidden layers, ", options_.depth) : "",
                     projected_ ? "projected" : "Adam");
}

std::int64_t NetworkLearner::steps_for(std::int64_t width) const {
  return options_.steps.value_or(!projected_ ? 8000 : width <= 64 ? 400 : 600);
}

std::int64_t NetworkLearner::batch_for(std::int64_t width, std::int64_t points) const {
  return std::min(points, projected_ ? std::max<std::int64_t>(16 * width, 4096) : std::int64_t{512});
}

std::vector<std::int64_t> NetworkLearner::sizes(std::int64_t points, std::int64_t) const {
  if (over_data_)
    return doubled_sizes(std::max<std::int64_t>(2 * options_.width, points / 64), points);
  return doubled_sizes(8, 128);
}

LearnerLoss NetworkLearner::learn(const LearnerData& data, std::int64_t size) const {
  const std::int64_t width = over_data_ ? options_.width : size;
  const std::int64_t n = over_data_ ? size : data.train.size();
  const core::PointCloud train = data.train.first(n);
  const NetworkInputs scaled(train);
  const Eigen::MatrixXd inputs = scaled.columns(train, 0, n), tests = scaled.columns(data.test, 0, data.test.size());
  const Eigen::VectorXd target = targets_of(train, 0, n);
  const Eigen::MatrixXd first = hinges_on_data(inputs, width, data.seed, hidden_draws, data.repeat);
  const core::CounterRng rng(data.seed, training_draws);
  const Eigen::VectorXd roots = weight_roots(train, 0, n);
  const TrainingSet set{inputs, target, roots, batch_for(width, n), rng, data.repeat};
  LearnerLoss out;
  out.examples = static_cast<double>(n);
  const double rate = options_.rate * std::sqrt(8 / static_cast<double>(width));
  const auto trained = [&](std::int64_t steps) {
    Eigen::MatrixXd features;
    if (projected_) {
      const Eigen::MatrixXd weights = train_by_projection(first, set, steps, rate);
      out.parameters = static_cast<double>(weights.size() + width + 1);
      const Eigen::VectorXd a = solve_output(weights, inputs, target, roots, last_ridge);
      relu_features(weights, tests, features);
      return values_of(features, a);
    }
    DeepNetwork network(first, static_cast<int>(options_.depth), rng, data.repeat);
    out.parameters = network.parameters();
    for (std::int64_t t = 0; t < steps; ++t) {
      const Eigen::Index at = set.place(t);
      const Eigen::MatrixXd x = inputs.middleCols(at, set.batch);
      const Eigen::VectorXd y = target.segment(at, set.batch);
      const Eigen::VectorXd w = roots.size() == 0 ? roots : Eigen::VectorXd(roots.segment(at, set.batch));
      network.step(x, y, cosine_rate(rate, t, steps), w);
    }
    network.features(inputs, features);
    const bool weighted = roots.size() > 0;
    if (weighted)
      features *= roots.asDiagonal();
    const Eigen::VectorXd a =
        solve_output(features, weighted ? Eigen::VectorXd(target.cwiseProduct(roots)) : target, last_ridge);
    network.features(tests, features);
    return values_of(features, a);
  };
  const std::int64_t steps = steps_for(width);
  if (!over_data_) // few examples of many may be learned too well: then less training is better
    out.start = mean_square_error(trained(0), data.test);
  out.predicted = trained(steps);
  out.loss = mean_square_error(out.predicted, data.test);
  out.checked = mean_square_error(trained(std::max<std::int64_t>(1, steps / 2)), data.test);
  out.quarter = mean_square_error(trained(std::max<std::int64_t>(1, steps / 4)), data.test);
  out.training_flops = cost(size, n, train.dimension);
  return out;
}

core::MemoryParts NetworkLearner::memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                                         std::int64_t tests) const {
  const std::int64_t width = over_data_ ? options_.width : size, examples = over_data_ ? size : points;
  const auto n = static_cast<double>(examples), m = static_cast<double>(width + 1),
             D = static_cast<double>(dimension + 1), t = static_cast<double>(tests),
             batch = static_cast<double>(batch_for(width, examples));
  const double deep = static_cast<double>(options_.depth),
               at_once = std::min(batch, static_cast<double>(DeepNetwork::examples_at_once));
  const double training =
      projected_ ? batch * (2 * m + 2 * D) : batch * D + at_once * 2 * m * deep + n * m * std::min(deep, 2.0);
  return {{"examples of a learner", sizeof(double) * n * (D + 2)},
          {"test points of a learner", sizeof(double) * t * (D + m)},
          {"units of the network", sizeof(double) * training}};
}

double NetworkLearner::cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const {
  const std::int64_t width = over_data_ ? options_.width : size;
  const auto m = static_cast<double>(width), steps = static_cast<double>(steps_for(width)),
             batch = static_cast<double>(batch_for(width, over_data_ ? size : points)),
             deeper = static_cast<double>(options_.depth - 1) * m;
  const double layer = 2 * m * (static_cast<double>(dimension) + 1 + deeper); // multiply and add, an example
  return steps * batch * (3 * layer + 6 * m + (projected_ ? m * m + 2 * m : 0)) +
         static_cast<double>(points) * (m * m + layer);
}

} // namespace cascade::analysis
