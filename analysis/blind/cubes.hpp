#pragma once
// Blind measurement of a box that is no cube: the cubes it can be cut into.

#include "analysis/blind/band_layout.hpp"
#include "core/grid/redistribute.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

namespace cascade::analysis {

/// Cubes of as many points a side as the shortest axis has, side by side from the first point on; what is left at the
/// end of an axis belongs to none. Local.
core::BlockLayout cube_layout(const core::Domain& domain);

/// The band tables of every cube, tapered, one after another as if they were realisations: the blocks of different
/// cubes are taken for independent, which the taper makes them but for waves as long as a cube. Each cube is measured
/// by the rank that owns it: same bits at any rank count. Collective; equal on all ranks.
BandTables band_tables_of_cubes(const core::RealField& field, const BandLayout& layout,
                                const core::Communicator& communicator);

/// The cubes of the rank that has most, and one of them as a field. Local.
core::MemoryParts cubes_memory(const core::Decomposition& decomposition, int components);

} // namespace cascade::analysis
