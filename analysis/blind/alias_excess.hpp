#pragma once
// What sampling on a grid adds to a power-law spectrum.

#include "analysis/blind/shell_bins.hpp"

namespace cascade::analysis {

/// log of sum over m in {-1, 0, 1}^D of |k + n m|^-beta / |k|^-beta, mean over the wave vectors of a shell weighted by
/// |k|^-beta: a field that has scales below the grid and is sampled at points carries the power of the waves that look
/// alike there (aliasing), of which the nearest are counted. Over directions: 1 for D = 1, 16 angles of an octant for
/// D = 2, 64 directions through a face of the cube for D = 3. Pure, local.
double alias_excess(const ShellBins& bins, std::size_t shell, double beta);

} // namespace cascade::analysis
