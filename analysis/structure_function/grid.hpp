#pragma once
// Structure functions of a gridded field.

#include "analysis/sums/block_table.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// S_p(r) = < |f(x + r e_a) - f(x)|^p >, the mean over all points x and the axes a asked for; along an axis that is not
/// periodic over the interior pairs alone, those with both points in the box. A vector (D components) gives two kinds:
/// longitudinal (component a along axis a, u_L) and transverse (every other component, u_T); a scalar gives one.
/// docs/theory.md section 1.
struct GridStructureFunctions {
  std::vector<double> orders;
  std::vector<std::string> kinds; ///< {""} for a scalar, {"longitudinal", "transverse"} for a vector
  /// [kind][order]: x = r as a length (cells times spacing); weight = number of pairs; blocks = GridBlocks of the
  /// pair's first point. Equal on all ranks, the same bits for any rank count.
  std::vector<std::vector<BlockTable>> tables;
};

/// Separations 1, 2, 4, ... <= n/2 in points, or, with more per octave, the distinct integers nearest to 2^(k/m).
std::vector<core::Index> log_separations(core::Index points, int per_octave = 1);

/// Collective over `communicator` (the one the field is distributed over). Orders: positive reals; separations: whole
/// numbers of cells in [1, n_a - 1] for every axis taken. Integer and half-integer orders are the fast ones. `axes`:
/// those to average over (0, 1, 2; none: all that are there); they must have the same spacing, for r is one length.
/// Work space below half the field.
GridStructureFunctions grid_structure_functions(const core::RealField& field, const core::Communicator& communicator,
                                                const std::vector<double>& orders,
                                                const std::vector<core::Index>& separations,
                                                const std::vector<int>& axes = {});

} // namespace cascade::analysis
