#pragma once
// Structure functions of a field that fills its space, in any number of dimensions.

#include "analysis/sums/sample_sums.hpp"
#include "core/points/point_sample.hpp"

#include <vector>

namespace cascade::analysis {

/// S_p = < |f(y) - f(x)|^p > for y = x + (+-s, ..., +-s), s = 2^-j, j = 1..scales: a random diagonal of a cell of side
/// s, of length r = s sqrt(D). So r probes the same waves as a cell of side s does, in any dimension (along one axis a
/// wave has only |k|/sqrt(D) to show). Both ends lie in the cube: the field need not be periodic. One table an order,
/// x = s, blocks = realisations. Fields without a tree or spine. Collective; equal on all ranks, independent of the
/// rank count bit for bit.
std::vector<BlockTable> scattered_structure_functions(const core::PointSource& source, int dimensions,
                                                      const std::vector<double>& orders, const SamplingPlan& plan,
                                                      const core::Communicator& communicator,
                                                      const std::function<void(double)>& advance = {});

/// What that takes, for so many realisations at a time, beside a realisation. Local.
core::MemoryParts scattered_pairs_memory(int dimensions, std::size_t orders, int realisations, int scales);

} // namespace cascade::analysis
