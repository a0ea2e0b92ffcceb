#pragma once
// One-dimensional spectra along the last axis.

#include "analysis/sums/block_table.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <map>
#include <string>

namespace cascade::analysis {

/// E_c(k) = mean over the lines of axis 2 of 2 |u_k|^2/n^2 (once where k is its own conjugate), k = 1 ... n/2 waves a
/// line: the sum over k is the mean variance of a line. By kind: "longitudinal" is the component along the axis,
/// "transverse" the mean of the others, "" a scalar. x = k over the length; one block. Where the axis is not
/// periodic, of lines less their mean under a Hann window (mean square one; lines of 8 points at least). None where the
/// field is a line (its spectrum is the measurement `spectrum`). Collective, the same bits at any number of ranks.
std::map<std::string, BlockTable> line_spectra(const core::RealField& field, const core::Communicator& communicator);
core::MemoryParts line_spectrum_memory(const core::Decomposition& decomposition, int components);

} // namespace cascade::analysis
