#pragma once
// What the computer under us can give.

#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <string>

namespace cascade::core {

/// Bytes of memory new allocations on this node may still use, and who says so: the smallest of the kernel's
/// MemAvailable, what the control group (v1 or v2) leaves, and what Slurm granted per node. Local.
struct AvailableMemory {
  std::int64_t bytes = 0;
  std::string source; ///< e.g. "MemAvailable", "the control group's limit", "SLURM_MEM_PER_NODE"
};
AvailableMemory available_memory();

/// Number of ranks of the communicator that share this rank's node. Collective.
int ranks_on_node(const Communicator& communicator);

/// What a rank holds before it has a field: largest resident size so far, and what the libraries (MPI, HDF5, FFTW) add
/// when they are first used. Collective.
std::int64_t program_bytes(const Communicator& communicator);

/// Largest resident memory of a rank so far, in bytes; what ranks share is counted for each. Collective.
std::int64_t peak_bytes(const Communicator& communicator);

} // namespace cascade::core
