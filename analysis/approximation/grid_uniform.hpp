#pragma once
// Loss of piecewise polynomials on uniform partitions of a grid.

#include "analysis/approximation/cell_losses.hpp"
#include "analysis/box_counting/cell_maxima.hpp"
#include "analysis/sums/block_table.hpp"

#include <optional>
#include <vector>

namespace cascade::analysis {

/// Mean of |f - P|^q over the points of the cells of side s, P the least-squares polynomial of total degree <= degree
/// on each cell (docs/theory.md section 4). BlockTable: x = DyadicGrid::length ascending (s / n for a cube of side 1);
/// levels of more than one cell (s = n/2, n/4, ... for a cube) of at least max(2, degree + 2) points a side; sum = sum
/// of |f - P|^q over the points of the block's cells; weight = number of these points. A cell in which values are
/// missing (NaN) does not count. A cell larger than a block belongs to the block of its first point. `active` takes
/// only cells of level j = -log2(s/n) with depth > j; absent without a depth, which cubes alone have.
struct UniformLoss {
  int degree;
  double loss_power;
  BlockTable volume;
  std::optional<BlockTable> active;
};

/// Collects the rows of the blocks one rank owns, then exchanges them.
class UniformLossTables {
public:
  /// depth may be null: no active average. Both are referred to.
  UniformLossTables(const CellLosses& losses, const CellMaxima* depth);
  /// Next own block, in order: losses.block(i) and depth->block(i) (ignored without depth). Local.
  void add_block(core::Index i, const std::vector<std::vector<double>>& losses,
                 const std::vector<std::vector<std::uint8_t>>& depth);
  /// One UniformLoss a loss power, in the order of the list. Collective.
  std::vector<UniformLoss> finish(const core::Communicator& communicator) const;

private:
  struct Sums { ///< of one block and level
    std::vector<double> volume, active;
    double volume_points = 0, active_points = 0;
  };
  int first_level() const { return losses_.grid().roots() > 1 ? 0 : 1; } ///< of more than one cell
  void add_cell(Sums& sums, const double* cell, double points, bool alive) const;
  void append(const Sums& sums);

  const CellLosses& losses_;
  const CellMaxima* depth_;
  std::vector<double> rows_; ///< [own block][level, finest first][volume sums, active sums, two weights]
};

} // namespace cascade::analysis
