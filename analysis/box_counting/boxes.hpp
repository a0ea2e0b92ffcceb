#pragma once
// Number of boxes that meet a set: cells of a tree, and boxes anywhere.

#include "analysis/box_counting/cell_maxima.hpp"
#include "analysis/sums/block_table.hpp"
#include "core/grid/field.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

namespace cascade::analysis {

/// All calls are collective; equal on all ranks and the same bits for any rank count.

/// N(s) over the dyadic box sides s = n, n/2, ... that divide n evenly, down to single points when n is a power of two:
/// the cells of a tree. BlockTable: x = DyadicGrid::length (s / n for a cube of side 1), ascending; sum = boxes of the
/// block that count (blocks of DyadicGrid::block_layout), weight = 1 / blocks, so that mean() = N in the whole box and
/// a replicate without one block scales the others up; a box that spans several blocks is divided evenly among them.
/// count = N.

/// Boxes of level l with depth > l: the alive cells of the tree, N_l. A tree's cells halve the box: cubes only.
BlockTable count_active_boxes(const CellMaxima& depth, const core::Communicator& communicator);
BlockTable count_active_boxes(const core::ActiveDepth& depth, const core::Decomposition& decomposition,
                              const core::Communicator& communicator);

/// Boxes anywhere (count_boxes_anywhere) that hold at least one point of {x : |f(x)| > threshold * rms}, rms =
/// sqrt(<|f|^2>), |f| the Euclidean norm of a vector. Needs room for a bit a point.
BlockTable count_threshold_boxes(const core::RealField& field, double threshold,
                                 const core::Communicator& communicator);

/// The same of {x : |grad f(x)| > threshold * rms}, |grad f|^2 by forward differences and summed over components. Needs
/// room for a second field of one component.
BlockTable count_gradient_boxes(const core::RealField& field, double threshold, const core::Communicator& communicator);
core::MemoryParts gradient_boxes_memory(const core::Decomposition& decomposition);

/// What counting active boxes takes beside the field and its activity, and boxes of thresholds beside the field, on the
/// rank that needs most. Local.
core::MemoryParts active_boxes_memory(const core::Decomposition& decomposition);
core::MemoryParts threshold_boxes_memory(const core::Decomposition& decomposition);

} // namespace cascade::analysis
