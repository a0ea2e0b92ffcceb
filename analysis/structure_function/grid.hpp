#pragma once
// Structure functions of a gridded field.

#include "analysis/sums/pair_sums.hpp"

namespace cascade::analysis {

/// S_p(r) = < |f(x + r e_a) - f(x)|^p >, [kind][order] of PairTables: the mean over all points x and the axes a asked
/// for; of a vector longitudinal, u_L, and transverse, u_T. docs/theory.md section 1. Orders: positive reals; integer
/// and half-integer ones are the fast ones. Separations and axes as in sum_over_pairs(). `holes`: points are missing
/// (NaN), and so are the pairs that touch them. Collective, as it is.
PairTables grid_structure_functions(const core::RealField& field, const core::Communicator& communicator,
                                    const std::vector<double>& orders, const std::vector<core::Index>& separations,
                                    const std::vector<int>& axes = {}, bool holes = false);

} // namespace cascade::analysis
