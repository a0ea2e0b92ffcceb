#pragma once
// Sums over pairs of points of a grid a separation apart.

#include "analysis/sums/block_table.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace cascade::analysis {

/// sums[k] += sum_i of observable k of the pair (left[i], right[i]) = (f(x), f(x + r e_a)). Called for many short
/// spans; must add in an order that depends on nothing but the span.
using PairKernel =
    std::function<void(std::span<const double> left, std::span<const double> right, std::span<double> sums)>;

/// Means over pairs. A vector (D components) gives two kinds: longitudinal (component a along axis a) and transverse
/// (every other component); a scalar gives one.
struct PairTables {
  std::vector<std::string> kinds; ///< {""} for a scalar, {"longitudinal", "transverse"} for a vector
  /// [kind][observable]: x = r as a length (cells times spacing); sum = the observable over the block's pairs, weight =
  /// their number; blocks = GridBlocks of the pair's first point.
  std::vector<std::vector<BlockTable>> tables;
};

/// The means over all points x and the axes a asked for; along an axis that is not periodic over the interior pairs
/// alone, those with both points in the box. Separations: whole numbers of cells in [1, n_a - 1] for every axis taken.
/// `axes`: those to average over (0, 1, 2; none: all that are there); they must have the same spacing, for r is one
/// length. Each line contributes one rounded sum per block and observable, and lines are never split over ranks: equal
/// on all ranks, the same bits for any rank count. Collective over `communicator` (the one the field is distributed
/// over). Work space below half the field.
PairTables sum_over_pairs(const core::RealField& field, const core::Communicator& communicator, std::size_t observables,
                          const PairKernel& kernel, const std::vector<core::Index>& separations,
                          const std::vector<int>& axes = {});

/// Separations 1, 2, 4, ... <= n/2 in points, or, with more per octave, the distinct integers nearest to 2^(k/m).
std::vector<core::Index> log_separations(core::Index points, int per_octave = 1);

/// What sum_over_pairs takes beside the field, its tables included, on the rank that needs most. Local.
core::MemoryParts pair_memory(const core::Decomposition& decomposition, int components, std::size_t observables,
                              std::size_t separations);

/// Tables it gives an observable (one a kind), and blocks of each: what a plan counts their bytes by. Local.
inline double pair_kinds(int components) {
  return components > 1 ? 2 : 1;
}

} // namespace cascade::analysis
