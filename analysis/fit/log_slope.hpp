#pragma once
// Straight lines through logarithms of either sign: exponents that may be zero or negative.

#include "analysis/fit/exponent.hpp"
#include "analysis/sums/block_table.hpp"

#include <functional>
#include <vector>

namespace cascade::analysis {

/// y against log2 x at the rows of a table: of all blocks, or without one.
using RowsOf = std::function<std::vector<double>(std::optional<std::size_t> without)>;

/// log2 of the means of a table; no number where there is none.
RowsOf log_rows(const BlockTable& table);
/// Means of one table over those of another.
RowsOf ratio_rows(const BlockTable& over, const BlockTable& under);

/// Slope of the least-squares line through (log2 x, y), lowest <= x <= highest, equal weights: these curves are
/// straight to within their scatter, which neighbouring scales share. Statistical error: delete-one-block jackknife
/// where there are at least four blocks, else the scatter about the line. Systematic: half the spread when the first or
/// the last scale is left out. Rows that are no number are left out. Throws NoFit with fewer than four scales.
/// `end`, g > 0: y = c + a log2 x + b x^-g, for cells whose moments miss what lies below the grid (docs/theory.md,
/// "Cells of few points").
ExponentFit log_slope(const std::vector<double>& x, std::size_t blocks, const RowsOf& rows, double lowest,
                      double highest, std::optional<double> end = {});

} // namespace cascade::analysis
