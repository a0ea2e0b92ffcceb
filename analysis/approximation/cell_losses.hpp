#pragma once
// Errors of the least-squares polynomial on every dyadic cell of a grid.

#include "analysis/approximation/cell_fit.hpp"
#include "analysis/box_counting/dyadic_grid.hpp"
#include "analysis/sums/power_sums.hpp"
#include "core/ranks/communicator.hpp"

#include <span>
#include <vector>

namespace cascade::analysis {

/// For every cell of every level of a DyadicGrid and every loss power q: the sum over the cell's points of |f - P|^q,
/// where P is the polynomial of total degree <= k that minimises the sum of (f - P)^2 over these points (the
/// least-squares one, whatever q). A vector field is fitted component by component and |.| is the Euclidean norm of the
/// residual. A level exists while a cell has at least max(2, k + 2) points a side. Cells within a block are computed
/// when asked for, by the block's owner; larger cells by the constructor from the parts of their blocks, combined in
/// block order, so that nothing depends on the number of ranks. Refers to the blocks given; they must outlive it.
class CellLosses {
public:
  /// Collective. All components have the same layout.
  CellLosses(std::span<const core::BlockField> components, const core::Communicator& communicator, int degree,
             const PowerSums& powers);

  const DyadicGrid& grid() const { return grid_; }
  const PowerSums& powers() const { return powers_; }
  int degree() const { return fit_.degree(); }
  core::Range owned() const { return components_.front().owned(); } ///< blocks of this rank
  /// Cells larger than a block, level < grid().coarse_levels(): [cell * powers + power], all cells, equal on all ranks.
  const std::vector<double>& coarse(int level) const { return coarse_[static_cast<std::size_t>(level)]; }
  /// Cells of local block `i`, first level block_level(): [level - block_level][cell within the block * powers +
  /// power]. Local call.
  std::vector<std::vector<double>> block(core::Index i) const;

private:
  Region region(std::size_t component, core::Index block, const core::Index3& first, core::Index side) const;
  void add_losses(std::span<const Region> regions, const RegionBasis& basis, const double* coefficients,
                  std::span<double> sums) const;
  std::vector<double> combine(const std::vector<double>& parts, int level, std::size_t width) const;
  void make_coarse(const core::Communicator& communicator);
  std::vector<double> level_losses(core::Index block, int level) const;

  std::span<const core::BlockField> components_;
  DyadicGrid grid_;
  CellFit fit_;
  PowerSums powers_;
  std::vector<RegionBasis> bases_; ///< of the levels from block_level() on
  std::vector<std::vector<double>> coarse_;
};

} // namespace cascade::analysis
