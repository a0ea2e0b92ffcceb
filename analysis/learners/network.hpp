#pragma once
// ReLU networks that are trained.

#include "analysis/learners/learner.hpp"

namespace cascade::analysis {

/// Hidden layers of m ReLU units, linear output, squared loss. method varpro (one hidden layer): train_by_projection
/// with batches of max(16 m, 4096), 200 steps up to m = 64 and 500 beyond by default; adam: batches of 512, 8000 steps.
/// In both the rate falls to zero as a cosine, and the output layer is solved on all examples at the end. N = m (D + 2)
/// + 1 for one hidden layer. `checked` is a training with half of the steps, and a cosine of its own.
class NetworkLearner final : public Learner {
public:
  explicit NetworkLearner(const LearnerOptions& options);
  std::string name() const override;
  std::string title() const override;
  std::string resource() const override { return over_data_ ? "data" : "parameters"; }
  std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const override;
  LearnerLoss learn(const LearnerData& data, std::int64_t size) const override;
  double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const override;
  double smooth_loss_exponent(double) const override { return 4; }
  bool optimises() const override { return true; }

private:
  std::int64_t steps_for(std::int64_t width) const;
  std::int64_t batch_for(std::int64_t width, std::int64_t points) const;

  LearnerOptions options_;
  bool projected_, over_data_;
};

} // namespace cascade::analysis
