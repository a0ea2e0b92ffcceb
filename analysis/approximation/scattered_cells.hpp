#pragma once
// Errors of piecewise polynomials on cells of scattered points, in up to a thousand dimensions.

#include "analysis/sums/sample_sums.hpp"
#include "analysis/sums/tree_descent.hpp"
#include "core/points/point_sample.hpp"

#include <vector>

namespace cascade::analysis {

struct ScatteredCellSettings {
  std::vector<int> degrees{0, 1};
  std::vector<double> loss_powers{2};
  int points = 32; ///< random points per cell, at least four a coefficient of the highest degree
};

/// Mean over cells and points of abs(e)^q, e the error of a least-squares polynomial at a point left out of its fit
/// (scattered_fit.hpp), on aligned dyadic cells of side s = 2^-j with uniformly random points. Cells are drawn
///  - uniformly, from a field that fills space;
///  - by descent with weight prod c_l, self-normalised, where there is a tree: the mean over alive cells;
///  - uniformly and shown alive, each in a realisation of its own, where there is a spine: the same mean.
/// Tables [degree][loss power], x = s = 2^-j, blocks = realisations. Collective; equal on all ranks, independent of the
/// rank count bit for bit. docs/theory.md, "Scattered points".
std::vector<std::vector<BlockTable>> scattered_losses(const core::PointSource& source, int dimensions,
                                                      const ScatteredCellSettings& settings, const SamplingPlan& plan,
                                                      const core::Communicator& communicator,
                                                      const std::function<void(double)>& advance = {});

/// What that takes, for so many realisations at a time, beside a realisation. Local.
core::MemoryParts scattered_cells_memory(int dimensions, const ScatteredCellSettings& settings, int realisations,
                                         int scales);

} // namespace cascade::analysis
