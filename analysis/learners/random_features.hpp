#pragma once
// A layer of random ReLU units with its output solved exactly.

#include "analysis/learners/learner.hpp"

namespace cascade::analysis {

/// f(x) = c + sum_u a_u relu(w_u.(x - x_u)), m random units (hinges_on_data), (a, c) by least squares on n = max(16 m,
/// 4096) examples through Householder's QR: no optimisation, hence no optimisation error. N = m + 1, the free
/// coefficients. For rough targets the loss goes as N^(-2h/d); for smooth ones with an exponent of the kernel's own.
class RandomFeatures final : public Learner {
public:
  explicit RandomFeatures(const LearnerOptions& options)
      : width_(options.width), over_data_(options.resource == "data") {}
  std::string name() const override { return "random_features"; }
  std::string title() const override { return "random ReLU features"; }
  std::string resource() const override { return over_data_ ? "data" : "parameters"; }
  std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const override;
  LearnerLoss learn(const LearnerData& data, std::int64_t size) const override;
  core::MemoryParts memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                           std::int64_t tests) const override;
  double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const override;
  double smooth_loss_exponent(double) const override { return 0; }

private:
  std::int64_t width_;
  bool over_data_;
};

} // namespace cascade::analysis
