#pragma once
// The raw material of every estimate: sums and weights by independent block.

#include <cstdint>
#include <functional>
#include <vector>

namespace cascade::analysis {

/// Sums of an observable at each abscissa, kept apart by block (a tree, a realisation, or a sub-cube of the grid), so
/// that means, standard errors and delete-one-block replicates of anything derived from them can be had. Plain value,
/// equal on all ranks (already reduced), independent of the rank count bit for bit.
struct BlockTable {
  std::vector<double> x;                   ///< abscissa of each point (separation, cell side, threshold ...)
  std::vector<std::vector<double>> sum;    ///< [block][point] sum of weight * observable
  std::vector<std::vector<double>> weight; ///< [block][point] sum of weights (number of pairs, cells, draws ...)
  std::vector<double> count;               ///< [point] number of samples behind the point, all blocks

  std::size_t points() const { return x.size(); }
  std::size_t blocks() const { return sum.size(); }
  std::vector<double> mean() const;                          ///< ratio of totals, per point
  std::vector<double> mean_without(std::size_t block) const; ///< the same with one block left out
  std::vector<double> standard_error() const;                ///< delete-one-block jackknife of mean()
  /// Appends the blocks of another realisation (same x): associative, no order dependence in mean() beyond roundoff.
  void append(const BlockTable& other);
  /// Adds all blocks into a single one (one realisation = one block when there are many realisations).
  BlockTable collapsed() const;
};

/// A number f derived from the means of several tables with the same rows and blocks, row by row: block b holds f + (n
/// - 1) (<f_b> - f_b) with weight 1, f_b the number without block b and <f_b> the mean over all b. So the mean of the
/// result is f, its standard error that of the jackknife, and its replicates are the f_b less their common bias.
BlockTable derived_table(const std::vector<const BlockTable*>& tables,
                         const std::function<double(const std::vector<double>& means)>& number);

} // namespace cascade::analysis
