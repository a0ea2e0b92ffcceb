#pragma once
// A multiplicative cascade drawn around a path on which its factors are large.

#include "core/points/tilted_paths.hpp"
#include "solvers/cascade/tilted_factors.hpp"
#include "solvers/cascade/tree.hpp"

#include <vector>

namespace cascade::solvers {

/// The function of CascadePoints with the tree of `rules` for the number of a family: realisation `sample` has a root
/// of its own, and words of its own where the path's factors are tilted. Rules with factors, not those of the binomial,
/// where nothing is random.
class TiltedPoints final : public core::TiltedPaths {
public:
  TiltedPoints(CascadeRules rules, const std::vector<double>& tilts);
  int dimensions() const override { return rules_.dimensions; }
  int depth() const override { return rules_.levels; }
  void evaluate(std::uint64_t sample, std::size_t tilt, std::span<const core::Coordinate> guide, int levels,
                int deepest, std::span<const core::Coordinate> points, std::span<double> values,
                std::span<double> ratios) const override;

private:
  CascadeRules rules_;
  std::vector<TiltedFactors> factors_; ///< one a tilt
};

} // namespace cascade::solvers
