#pragma once
// The tree itself, tested level by level.

#include "theory/expectation.hpp"

#include <vector>

namespace cascade::analysis {

struct ActivityTest {
  std::vector<int> level; ///< l of each z
  std::vector<double> z;  ///< independent standard normals, if every child lives with the stated probability
  double chi2 = 0;
  double p_value = 1;
};

/// z_l = (M_(l+1) - c beta M_l) / sqrt(c beta (1 - beta) M_l), M_l the alive cells of level l in all realisations
/// together, c children each alive with probability beta; docs/theory.md (11). Levels at which this variance is below
/// `least` are left out: few cells make no normal number. Empty when beta = 1: geometry. Local.
ActivityTest test_activity(const std::vector<double>& cells, const theory::Branching& branching, double least = 5);

} // namespace cascade::analysis
