#pragma once
// Error-driven refinement far below what can be enumerated: a population of cells that stands for all of them.

#include "analysis/approximation/driven_cells.hpp"

#include <functional>
#include <limits>
#include <vector>

namespace cascade::analysis {

/// Thresholds theta_i = 2^(top - i/4), i = 0 .. count-1.
struct DrivenThresholds {
  static constexpr int per_octave = 4;
  int top = 0;
  int count = 0;
  double at(int i) const;
  /// The first i with theta_i < x, between 0 and count.
  int first_below(double x) const;
};

/// Sums over the cells of one tree, by threshold.
struct DrivenSums {
  std::vector<double> split;  ///< increments: split[i] is what pieces grow by from theta_(i-1) to theta_i
  std::vector<double> loss;   ///< sum over the leaves at theta_i of their loss
  std::vector<double> forced; ///< increments of the number of leaves that the end of the field forbids to split
  explicit DrivenSums(int thresholds);
  std::vector<double> pieces() const; ///< N(theta_i) = 1 + sum over the cells split of (their children - 1)
  std::vector<double> unsplit() const;
};

/// Enters a cell that is split, and its children, with the weight of the cell: a cell is split for all theta below the
/// least error of it and its ancestors, and a child is a leaf from its own least error on.
void add_split(const DrivenThresholds& thresholds, const DrivenCell& cell, const std::vector<DrivenCell>& children,
               const DrivenCells& cells, DrivenSums& sums);

/// One run: cells are looked at from large to small errors, in bins of half an octave of the least error of a cell and
/// its ancestors. In each bin at most `kept` cells go on, chosen by systematic resampling with chances that follow
/// their weights, and share the weight of all. Every sum above is unbiased, whatever is kept (Chen, SIAM J. Comput. 21
/// (1992) 295: heterogeneous sampling). All of a tree where nothing is left out. `most_pieces`: ends where N(theta) is
/// beyond it; the sums down to there are those of a run that goes on. Local.
void driven_run(DrivenCells& cells, const DrivenThresholds& thresholds, int kept, DrawStream& stream, DrivenSums& sums,
                double most_pieces = std::numeric_limits<double>::infinity());

/// The same sums by enumeration, cell by cell. Local.
void driven_enumeration(DrivenCells& cells, const DrivenThresholds& thresholds, DrivenSums& sums);

/// Uniform partitions by the same cells: at level j at most `kept` go on, with chances that follow weight times error;
/// loss[j] = sum over all cells of level j of their loss, without bias. Local.
std::vector<double> driven_levels(DrivenCells& cells, int levels, int kept, DrawStream& stream);

} // namespace cascade::analysis
