#pragma once
// Delete-one-block replicates: errors of anything derived from a table, and the quality of a fit.

#include "analysis/sums/block_table.hpp"

#include <cstddef>
#include <vector>

namespace cascade::analysis {

/// sqrt((n-1)/n sum (r_b - mean)^2) over the replicates r_b of a number.
double jackknife_error(const std::vector<double>& replicates);

/// A table turned into what fits need, in increasing x; points without a positive finite mean are left out.
struct FitData {
  std::vector<double> x, y, error;
  std::vector<std::vector<double>> replicates; ///< [block][point] y without that block
  std::vector<std::size_t> source;             ///< index of the point in the table
};
FitData prepare(const BlockTable& table);

/// error[i]: relative error of y once the factor common to the window [first, last] is taken out of each replicate (it
/// only moves the amplitude, which every fit leaves free). The squares of n blocks' errors have logarithms that scatter
/// by psi'((n-1)/2), .33 for eight: weights from them follow the luck of the very points they weigh, and a jackknife of
/// the fit, whose weights stand, is too small by a fifth. So they are shrunk towards a power of x, as much as their
/// scatter s^2 about it is that noise: log e_i^2 = line_i + max(0, 1 - psi'((n-1)/2)/s^2) (log e_i^2 - line_i) (James,
/// Stein 1961; of variances: Smyth 2004).
void set_errors(FitData& data, std::size_t first, std::size_t last);

} // namespace cascade::analysis
