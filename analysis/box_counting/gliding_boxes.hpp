#pragma once
// Boxes of any side that meet a set, wherever the grid of boxes begins.

#include "analysis/box_counting/set_bits.hpp"
#include "analysis/sums/block_table.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <vector>

namespace cascade::analysis {

/// Sides of boxes in points, four an octave: 2^(k/4) rounded, each once, up to `longest`. A set whose pieces are a
/// third (or any other part) of the whole has counts that swing about their power once per factor three; sides a factor
/// two apart read a swing as a slope.
std::vector<core::Index> box_sides(core::Index longest);

/// Where grids of boxes of this side begin along axes 0 and 1: a rank-1 lattice of 34 (Fibonacci) in the box, or all
/// where there are no more; a set that lies along the grid is met by far more boxes from one origin than from the next.
std::vector<std::array<core::Index, 2>> box_origins(const core::Domain& domain, core::Index side);

/// N(s), the number of boxes of s points a side that hold a point of the set, averaged over origins: those of
/// box_origins along axes 0 and 1, all of them along axis 2. Along an axis that is not periodic a box that the border
/// cuts counts as the part of it that is inside where the set goes on to that border (has points among the last two, or
/// the last 64th), since what is outside is not known, and whole where it ends before; along an axis that is periodic
/// whole boxes alone are counted, n/s of them for floor(n/s). So a set that fills the box has N = (n/s)^D exactly, and
/// one that lies in it as many as if there were no box.
/// BlockTable: x = s times the spacing ((product of spacings)^(1/D) where they differ), s = box_sides of the shortest
/// axis, ascending; sum = boxes whose middle is in the block (GridBlocks), weight = 1/blocks, so that mean() = N in the
/// whole box and a replicate without one block scales the others up; count = N.
/// Rows of boxes that reach beyond a rank's lines go to the rank that holds their first line; sums are of integers.
/// Collective; equal on all ranks and the same bits for any rank count.
BlockTable count_boxes_anywhere(const SetBits& set, const core::Communicator& communicator);

/// What that takes beside the set, on the rank that needs most. Local.
core::MemoryParts boxes_anywhere_memory(const core::Decomposition& decomposition);

} // namespace cascade::analysis
