#pragma once
// Everything the grid tells about piecewise fits, in one pass over its blocks.

#include "analysis/approximation/grid_threshold_tree.hpp"
#include "analysis/approximation/grid_uniform.hpp"
#include "core/grid/field.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <optional>
#include <vector>

namespace cascade::analysis {

struct GridApproximationOptions {
  std::vector<int> degrees{0, 1};        ///< 0, 1 or 2
  std::vector<double> loss_powers{2, 4}; ///< positive reals
  bool uniform = true;
  bool adaptive = true;
  ThresholdOptions thresholds;
};

/// Degree by degree, and within a degree loss power by loss power.
struct GridApproximation {
  std::vector<UniformLoss> uniform;
  std::vector<ThresholdTree> adaptive;
};

/// Collective. `active` may be null (no active averages). Memory beside the field: one copy of it in blocks (and one
/// byte a point of depth), which is released at the end. Equal on all ranks, the same bits for any rank count.
GridApproximation approximate_on_grid(const core::RealField& field, const core::ActiveDepth* active,
                                      const core::Communicator& communicator, const GridApproximationOptions& options);

/// What that takes beside the field and its activity on the rank that needs most. Local.
core::MemoryParts grid_approximation_memory(const core::Decomposition& decomposition, int components, bool active,
                                            const GridApproximationOptions& options);

} // namespace cascade::analysis
