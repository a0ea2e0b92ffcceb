#pragma once
// Kernel ridge regression.

#include "analysis/learners/learner.hpp"

namespace cascade::analysis {

/// Length: by default twice the root mean square distance of the examples from their mean, both by weight, so that a
/// unit of coordinates is nothing. f(x) = sum_i c_i K(|x - x_i|/length), (K + ridge) c = y, by Cholesky in double. K:
/// exp(-r) (Matern of nu = 1/2), (1
/// + sqrt(3) r) exp(-sqrt(3) r), (1 + sqrt(5) r + 5 r^2/3) exp(-sqrt(5) r), exp(-r^2/2). Without noise the loss goes as
/// n^-min(2h, 2(d + 2 nu))/d (S. Spigler, M. Geiger, M. Wyart, arXiv 1905.10843). The ridge must stay far below the
/// smallest eigenvalue used: `checked` is the loss with ten times of it. At most 4096 examples.
class KernelRidge final : public Learner {
public:
  static constexpr std::int64_t most_examples = 4096;
  explicit KernelRidge(const LearnerOptions& options)
      : kernel_(options.kernel), length_(options.length), ridge_(options.ridge) {}
  std::string name() const override { return "kernel_" + kernel_; }
  std::string title() const override { return kernel_ + " kernel"; }
  std::string resource() const override { return "data"; }
  std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const override;
  LearnerLoss learn(const LearnerData& data, std::int64_t size) const override;
  core::MemoryParts memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                           std::int64_t tests) const override;
  double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const override;
  double smooth_loss_exponent(double d) const override;
  bool optimises() const override { return true; }
  bool trains() const override { return false; }
  std::string check() const override { return "ten times the ridge"; }

private:
  std::string kernel_;
  std::optional<double> length_;
  double ridge_;
};

} // namespace cascade::analysis
