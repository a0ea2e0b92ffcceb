#pragma once
// Moments of the amplitudes of a whole tree, and the test of tau(q) they make level by level.

#include "solvers/cascade/tree.hpp"

#include <vector>

namespace cascade::solvers {

struct TreeMoments {
  /// [level][order] sum over cells c of level l of A_c^p, l = 0 .. levels-1; A = product of the factors times 2^(-l h)
  /// where the rules have an h.
  std::vector<std::vector<double>> sum;
  /// [level - 1][order] z of the step to that level: sum_c (sum of A_child^p - 2^(D - zeta_p) A_c^p) over its standard
  /// deviation given the parents; independent standard normals of mean 0 if the generator's moments are what it says
  /// (0 where nothing is random). docs/theory.md, "Multifractals".
  std::vector<std::vector<double>> z;
};

/// Of the tree down to level rules.levels - 1, cell by cell: 2^(D levels) steps. Local.
TreeMoments tree_moments(const CascadeRules& rules, const std::vector<double>& orders);

} // namespace cascade::solvers
