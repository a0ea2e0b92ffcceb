#pragma once
// ReLU networks that are trained.

#include "analysis/learners/learner.hpp"

namespace cascade::analysis {

/// Hidden layers of m ReLU units, linear output, squared loss. method varpro (one hidden layer): train_by_projection
/// with batches of max(16 m, 4096), 400 steps up to m = 64 and 600 beyond by default; adam: batches of 512, 8000 steps.
/// In both the rate is that of the input times sqrt(8/m), since hinges that lie closer must move less, and falls to
/// zero as a cosine, and the output layer is solved on all examples at the end. N = m (D + 2)
/// + 1 for one hidden layer. `checked` and `quarter` are trainings with half and a quarter
/// of the steps, and a cosine of their own; `start` is the hidden layers as they are drawn.
class NetworkLearner final : public Learner {
public:
  explicit NetworkLearner(const LearnerOptions& options);
  std::string name() const override;
  std::string title() const override;
  std::string resource() const override { return over_data_ ? "data" : "parameters"; }
  std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const override;
  LearnerLoss learn(const LearnerData& data, std::int64_t size) const override;
  core::MemoryParts memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                           std::int64_t tests) const override;
  double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const override;
  /// One hidden layer of ReLU: N^-(1 + 3/d), T. Mao, J. Siegel, J. Xu, arXiv 2408.10996; more: piecewise linear,
  /// N^(-4/d).
  double smooth_loss_exponent(double d) const override { return options_.depth == 1 ? d + 3 : 4; }
  bool fits_smooth_part() const override { return false; } // far below the rough one at any width
  bool optimises() const override { return true; }
  bool gains_alike() const override { return projected_; }

private:
  std::int64_t steps_for(std::int64_t width) const;
  std::int64_t batch_for(std::int64_t width, std::int64_t points) const;

  LearnerOptions options_;
  bool projected_, over_data_;
};

} // namespace cascade::analysis
