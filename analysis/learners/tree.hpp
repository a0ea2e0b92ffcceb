#pragma once
// Constants and lines on the leaves of a binary tree.

#include "analysis/learners/learner.hpp"

namespace cascade::analysis {

/// The leaf with most points is split until there are `leaves` of them: at the median along the widest side of its
/// box (kd), along its longest principal axis (pca), or at the coordinate and place where the squared error of the
/// target falls most, leaf with the largest such fall first (cart). On a leaf: the mean of the target, or a
/// least-squares linear function of the leaf's longest principal axes (at most `most_slopes`, those with more than
/// 1e-3 of the spread of the longest, and fewer than half of its points). Over parameters all training points are used;
/// over data the number of leaves grows with n, eight points to a leaf.
/// Axis-parallel splits need not see the d of a curved set in the worst case, splits along random or principal
/// directions do (S. Kpotufe, S. Dasgupta, arXiv 0902.3453).
class TreeLearner final : public Learner {
public:
  static constexpr std::int64_t points_a_leaf = 8;
  static constexpr std::int64_t most_slopes = 8;
  explicit TreeLearner(const LearnerOptions& options);
  std::string name() const override;
  std::string title() const override;
  std::string resource() const override { return over_data_ ? "data" : "parameters"; }
  std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const override;
  LearnerLoss learn(const LearnerData& data, std::int64_t size) const override;
  core::MemoryParts memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                           std::int64_t tests) const override;
  double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const override;
  double smooth_loss_exponent(double) const override { return degree_ == 0 ? 2 : 4; }

private:
  std::string split_;
  int degree_;
  bool over_data_;
};

} // namespace cascade::analysis
