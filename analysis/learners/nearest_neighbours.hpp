#pragma once
// The mean of the k nearest examples.

#include "analysis/learners/learner.hpp"

namespace cascade::analysis {

/// f(x) = mean of the targets of the k nearest training points; k = 0: the k of 1, 2, 3, 4, 6, 8, 12, 16, ... (up to
/// 64, or twice the best as long as that is near the end, to 1024) with the least leave-one-out error (M. Azadkia,
/// arXiv 1909.05495). Without noise the loss goes as n^(-2h/d), h <= 1, whatever the D (S. Kpotufe, NIPS 2011). With k
/// = 1 it is S_2 averaged over the distances of nearest neighbours.
class NearestNeighbours final : public Learner {
public:
  explicit NearestNeighbours(const LearnerOptions& options) : k_(options.k) {}
  std::string name() const override;
  std::string title() const override;
  std::string resource() const override { return "data"; }
  std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const override;
  LearnerLoss learn(const LearnerData& data, std::int64_t size) const override;
  core::MemoryParts memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                           std::int64_t tests) const override;
  double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const override;
  double smooth_loss_exponent(double) const override { return 2; }
  bool averages_noise() const override { return k_ == 0; }

private:
  std::int64_t k_;
};

} // namespace cascade::analysis
