#pragma once
// Errors of piecewise polynomials on randomly drawn cells of a field evaluated point by point.

#include "analysis/structure_function/tree.hpp"

namespace cascade::analysis {

struct SampledCellSettings {
  std::vector<int> degrees{0, 1};
  std::vector<double> loss_powers{2};
  int lattice = 3;            ///< points a side of the lattice a cell's polynomial is fitted on
  bool random_origin = false; ///< cells of a partition whose origin is shifted at random, not aligned with the tree
};

struct SampledLosses {
  /// [degree][loss power]: x = s = 2^-j; mean() is the loss averaged over the volume, or over the active set of level
  /// j.
  std::vector<std::vector<BlockTable>> volume, active;
  BlockTable cells; ///< mean() = N_j: number of pieces that meet the active set of level j
};

/// Loss of cells of side s = 2^-j, j = 1..scales: mean over the lattice of |f - g|^q, g the least-squares polynomial of
/// total degree <= k on that lattice, randomly shifted within its step from cell to cell.
///  - volume: cells drawn from the whole cube (alive and dead places with their weights), divided by all draws;
///  - active: points of alive cells of level j, weight prod c_l, self-normalised. With a random origin a cell is drawn
///    through one of its alive points and the mean goes over its alive lattice points;
///  - cells: E prod c_l; with a random origin each draw counts 1/(alive fraction of its cell), so that a piece is
///  counted
///    once however many alive cells it touches.
/// Collective; equal on all ranks, independent of the rank count bit for bit. docs/theory.md, "Cells by descent".
SampledLosses sampled_losses(const core::PointSource& source, int dimensions, const SampledCellSettings& settings,
                             const SamplingPlan& plan, const core::Communicator& communicator,
                             const std::function<void(double)>& advance = {});

/// What that takes, for so many trees at a time. Local; for any lattice, however large.
core::MemoryParts sampled_cells_memory(int dimensions, const SampledCellSettings& settings, int trees, int scales);

} // namespace cascade::analysis
