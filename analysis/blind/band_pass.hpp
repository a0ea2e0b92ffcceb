#pragma once
// The field pass of a blind measurement: energies and moments of bands, block by block.

#include "analysis/blind/band_layout.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

namespace cascade::analysis {

/// One realisation. Every shell that is used and resolved, and every wavelet, is one filter and one transform back; of
/// the squared magnitude over the components the blocks' sums are taken, pieces of lines added exactly: the same bits
/// at any rank count. Energies of the other shells are sums over modes, dealt evenly to the blocks. A field that is not
/// periodic loses its (tapered) mean and is tapered first (taper.hpp); weights are then sums of w^order.
/// Collective; the result is equal on all ranks. Memory beside the field: its transform, and one component twice (three
/// times for a vector) or, before these and if it is tapered, a copy of the field.
BandTables band_tables(const core::RealField& field, const BandLayout& layout, const core::Communicator& communicator);

/// What that takes beside the field on the rank that needs most, `orders` moments being wanted. Local.
core::MemoryParts band_memory(const core::Decomposition& decomposition, int components, bool periodic,
                              std::size_t orders);

} // namespace cascade::analysis
