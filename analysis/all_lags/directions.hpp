#pragma once
// Structure functions of any orders along many directions, by sums over pairs.

#include "analysis/sums/pair_sums.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <array>
#include <vector>

namespace cascade::analysis {

/// Steps in points, one of each pair of opposite ones: axes, diagonals of faces and of the box, 13 in three dimensions
/// and 4 in two; with `many` also those like (2,1,0), (2,1,1), (2,2,1), (3,1,0), (3,1,1): 73 and 12 (M. A. Taylor,
/// S. Kurien, G. L. Eyink, Phys. Rev. E 68 (2003) 026310).
std::vector<core::Index3> lag_directions(int dimensions, bool many);

/// <|f(x + l) - f(x)|^p> for l = s d, d each of the directions, s = 1, 2, 4, ... as long as no component of l is more
/// than half the points of its axis: tables as those of sum_over_pairs(), one row for each length |l|, all directions
/// of that length together; blocks = GridBlocks of the pair's first point. Orders: positive reals. Of a vector
/// longitudinal |u_L|^p and transverse <|u_T.t|^p> over directions t across the lag: |u_T|^p times 1 (D = 2) or
/// Gamma((p + 1)/2)/ (sqrt(pi) Gamma(p/2 + 1)) (D = 3). Interior pairs along axes that are not periodic. With `holes`
/// missing values are NaN, in all components, and pairs with one are left out. Equal on all ranks, the same bits at any
/// number. Collective. Memory: two fields.
PairTables directional_structure_functions(const core::RealField& field, const core::Communicator& communicator,
                                           const std::vector<double>& orders, bool many, bool holes = false);
std::vector<double> directional_separations(const core::Domain& domain, bool many); ///< lengths of the rows. Local.
core::MemoryParts directional_memory(const core::Decomposition& decomposition, int components, std::size_t orders,
                                     bool many); ///< Local.

} // namespace cascade::analysis
