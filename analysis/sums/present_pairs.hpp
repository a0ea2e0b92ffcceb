#pragma once
// Sums over the pairs of a field with holes.

#include "analysis/sums/pair_sums.hpp"

namespace cascade::analysis {

/// sum_over_pairs of a field whose missing points are NaN: a pair counts where both its points are there, and the
/// weights of the tables are the pairs that count. A point is missing in all components. Collective, as sum_over_pairs.
PairTables sum_over_present_pairs(const core::RealField& field, const core::Communicator& communicator,
                                  std::size_t observables, const PairKernel& kernel,
                                  const std::vector<core::Index>& separations, const std::vector<int>& axes = {});

} // namespace cascade::analysis
