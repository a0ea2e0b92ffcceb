#pragma once
// Structure functions of a field evaluated point by point, over many octaves.

#include "analysis/sums/sample_sums.hpp"
#include "analysis/sums/tree_descent.hpp"
#include "core/points/point_sample.hpp"

#include <functional>

namespace cascade::analysis {

/// The walks that lead to the pairs.
inline constexpr DrawPurpose pair_draws{1};
inline constexpr Descents pair_descents{pair_draws, 64};

struct SampledStructureFunctions {
  std::vector<BlockTable> moments; ///< per order: x = r = 2^-j in box sides, mean() = S_p(r)
  /// < |f(x + r e_a) - f(x)|^2 given that x lies in an alive cell of level j >: its exponent is 2h, the local
  /// roughness, which sets the exponents of the correction terms of all other orders.
  BlockTable active_square;
};

/// S_p(r) = < |f(x + r e_a) - f(x)|^p >, average over the volume and a random axis a, r = 2^-j box sides, j
/// = 1..scales. Points are drawn by descent of the tree (tree_descent.hpp): half of the evaluations in alive cells of
/// level j, half in dead cells above, each with its weight; the obvious way, x in an alive cell and nothing else, loses
/// most of S_1. Sums are divided by all draws. Collective; equal on all ranks, independent of the rank count bit for
/// bit.
SampledStructureFunctions sampled_structure_functions(const core::PointSource& source, int dimensions,
                                                      const std::vector<double>& orders, const SamplingPlan& plan,
                                                      const core::Communicator& communicator,
                                                      const std::function<void(double)>& advance = {});

/// What that takes, for so many trees at a time. Local.
core::MemoryParts tree_pairs_memory(int dimensions, std::size_t orders, int trees, int scales);

} // namespace cascade::analysis
