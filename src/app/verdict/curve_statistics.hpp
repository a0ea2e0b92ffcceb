#pragma once
// A measured curve against its expectation, block by block: pure arithmetic on tables.

#include "analysis/measurement/prediction.hpp"
#include "analysis/sums/block_table.hpp"

#include <vector>

namespace cascade::app {

/// What is expected of a table's rows, a vector of one value a row each.
struct ExpectedRows {
  std::vector<double> unconditional;       ///< over all realisations
  std::vector<std::vector<double>> blocks; ///< given what was counted in each block; empty: as above for all

  const std::vector<double>& of(std::size_t block) const { return blocks.empty() ? unconditional : blocks[block]; }
};

/// Expectation of the ratio of totals: each block's own, weighted as the mean is.
std::vector<double> expected_mean(const analysis::BlockTable& table, const ExpectedRows& expected);

/// Row by row, mean over the blocks b of d_b = sum_b - E_b weight_b over its standard error; NaN where nothing
/// scatters.
std::vector<double> deviations(const analysis::BlockTable& table, const ExpectedRows& expected);

/// [block][combination]: d_b of each combination of rows, in units of its total expectation, or, where zero is
/// expected, of its own root mean square.
std::vector<std::vector<double>> differences(const analysis::BlockTable& table, const ExpectedRows& expected,
                                             const std::vector<analysis::Combination>& chosen);

} // namespace cascade::app
