#pragma once
// Adaptive partitions of a grid: refinement of a 2^D-tree by an error threshold, dead regions included.

#include "analysis/approximation/cell_losses.hpp"
#include "analysis/sums/block_table.hpp"

#include <map>
#include <utility>
#include <vector>

namespace cascade::analysis {

/// Which thresholds a tree is measured at.
struct ThresholdOptions {
  /// Ascending thresholds to use as they are, by {degree, loss power}: several realisations need the same ones.
  std::map<std::pair<int, double>, std::vector<double>> given;
  /// The same for every degree and loss power that `given` does not name. Empty: chosen from the field, tau = 2^(i/4),
  /// between the error of the whole box (of the worst root, where there are several) and the lowest threshold the grid
  /// resolves, thinned to about `wanted`.
  std::vector<double> thresholds;
  int wanted = 40;
  /// Largest fraction of leaves that may sit at the smallest size with an error still above tau.
  double most_unresolved = 0.01;
};

/// The partition at threshold tau: from the whole box (the roots of DyadicGrid) down, a cell is cut into its 2^D
/// children while its error exceeds tau and its children are large enough (levels of CellLosses: at least 2 points a
/// side for degree 0, 4 for degrees 1 and 2 when n is a power of two). Error of a cell: e = sum over its points of |f -
/// P|^q / (points of the box, n^D for a cube), P the least-squares polynomial of total degree <= degree, so that L(tau)
/// = sum of e over the leaves is the mean of |f - P|^q over the volume, and N(tau) = number of leaves, which tile the
/// box whether anything happens in them or not (docs/theory.md section 4). With m = smallest e among the ancestors, a
/// cell is a leaf exactly for e <= tau < m: one pass serves all thresholds. BlockTables: x = tau ascending; sum =
/// leaves (their e) of the block; weight = 1 / blocks, so that mean() = N (L) of the whole box; a leaf larger than a
/// block is divided evenly among its blocks. count = N.
struct ThresholdTree {
  int degree;
  double loss_power;
  BlockTable pieces;
  BlockTable loss;
  std::vector<double> unresolved; ///< fraction of the leaves at the smallest size whose error exceeds tau
  std::vector<double> finest;     ///< fraction of the leaves at the smallest size
};

/// Collects the leaves of the blocks one rank owns at all candidate thresholds, for every loss power.
class ThresholdTreeTables {
public:
  ThresholdTreeTables(const CellLosses& losses, const ThresholdOptions& options);
  /// Next own block, in order; losses.block(i). Local.
  void add_block(core::Index i, const std::vector<std::vector<double>>& losses);
  /// One ThresholdTree a loss power, in the order of the list. Collective.
  std::vector<ThresholdTree> finish(const core::Communicator& communicator) const;

  /// What a loss power takes for so many own blocks. Local.
  static double bytes_of_blocks(double blocks);

private:
  /// Leaves of one block by candidate threshold.
  struct Leaves {
    std::vector<double> pieces, loss, unresolved, finest;
    explicit Leaves(std::size_t n) : pieces(n, 0.0), loss(n, 0.0), unresolved(n, 0.0), finest(n, 0.0) {}
  };
  /// The candidates of one loss power and what the own blocks have at each.
  struct Power {
    std::vector<double> candidates;
    bool given;
    std::vector<Leaves> blocks;
  };
  /// The cells of one level within a block, or the one larger cell that holds the block.
  struct Level {
    std::vector<double> error, least; ///< e and m of each cell
    double share;                     ///< part of a leaf that belongs to this block
  };
  std::vector<double> candidates_for(std::size_t power) const;
  std::vector<Level> tree_of_block(core::Index i, const std::vector<std::vector<double>>& losses,
                                   std::size_t power) const;
  std::vector<std::size_t> choose(const Power& power, const core::Communicator& communicator) const;
  ThresholdTree make_tree(std::size_t power, const core::Communicator& communicator) const;

  const CellLosses& losses_;
  ThresholdOptions options_;
  std::vector<Power> powers_;
};

} // namespace cascade::analysis
