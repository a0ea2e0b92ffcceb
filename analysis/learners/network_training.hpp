#pragma once
// Training of small ReLU networks in double precision.

#include "core/random/random.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// D. Kingma, J. Ba, ICLR 2015, with their beta_1 = .9, beta_2 = .999; in place.
class AdamState {
public:
  AdamState(Eigen::Index rows, Eigen::Index columns)
      : first_(Eigen::MatrixXd::Zero(rows, columns)), second_(Eigen::MatrixXd::Zero(rows, columns)) {}
  /// weights -= rate m/(sqrt v + 1e-8), m and v the corrected running means of the gradient and of its square.
  void step(Eigen::MatrixXd& weights, const Eigen::MatrixXd& gradient, double rate);

private:
  Eigen::MatrixXd first_, second_;
  double power_first_ = 1, power_second_ = 1;
};

/// rate (1 + cos(pi step/steps))/2.
double cosine_rate(double rate, std::int64_t step, std::int64_t steps);

/// Examples of training: columns of inputs (a row of ones last), and their targets. Step t learns from `batch`
/// consecutive ones, from a place that is random (columns are in random order already).
struct TrainingSet {
  const Eigen::MatrixXd& inputs;
  const Eigen::VectorXd& target;
  const Eigen::VectorXd& roots; ///< square roots of the weights; empty: all are 1
  Eigen::Index batch = 512;
  core::CounterRng rng;
  std::uint64_t repeat = 0;
  Eigen::Index place(std::int64_t step) const;
};

/// Variable projection: at each step the output layer is the least-squares one for the batch (G. Golub, V. Pereyra,
/// Inverse Problems 19 (2003) R1), and the hidden weights go down the gradient of what is left, which by the envelope
/// theorem is that at fixed output. Returns the hidden weights.
Eigen::MatrixXd train_by_projection(Eigen::MatrixXd weights, const TrainingSet& set, std::int64_t steps, double rate);

/// Hidden layers of one width, and an output layer; every layer's last column is its bias.
class DeepNetwork {
public:
  /// Hidden weights: `first`, then normal with variance 2/width; the output normal with variance 1/width.
  DeepNetwork(const Eigen::MatrixXd& first, int depth, const core::CounterRng& rng, std::uint64_t repeat);
  /// One step of Adam on the mean square over all columns, that of each times the square of its root, where there are
  /// any. Returns that mean square before it.
  double step(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& target, double rate,
              const Eigen::VectorXd& roots = {});
  /// Outputs of the last hidden layer, a row of ones last.
  void features(const Eigen::MatrixXd& inputs, Eigen::MatrixXd& out) const;
  /// Weights and biases, output included.
  double parameters() const;
  /// Examples that go forward and back together: with the units of a layer of 128 they fit into a core's cache.
  static constexpr Eigen::Index examples_at_once = 64;

private:
  /// Adds `scale` times half of what the squared differences of `inputs_` change by, with every weight, to the
  /// gradients. Returns their sum.
  double add_gradients(const Eigen::VectorXd& target, const Eigen::VectorXd& roots, double scale);

  std::vector<Eigen::MatrixXd> layers_; ///< hidden ones, then the output
  std::vector<AdamState> states_;
  std::vector<Eigen::MatrixXd> gradients_;
  Eigen::MatrixXd inputs_;                        ///< those that are looked at, and, kept between steps,
  std::vector<Eigen::MatrixXd> outputs_, slopes_; ///< what the layers make of them
};

} // namespace cascade::analysis
