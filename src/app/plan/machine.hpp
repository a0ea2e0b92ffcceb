#pragma once
// What the machine offers: the part of a plan that is not arithmetic.

#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <string>

namespace cascade::app {

struct Machine {
  int ranks = 1;
  int ranks_per_node = 1;
  std::int64_t node_bytes = 0; ///< memory still free on the tightest node
  std::string memory_source;   ///< who says so
  std::int64_t base_bytes = 0; ///< of a rank that has no field yet: the program and its libraries

  std::int64_t bytes_per_rank() const { return node_bytes / (ranks_per_node > 0 ? ranks_per_node : 1); }
};

/// Collective; the same on every rank.
Machine describe_machine(const core::Communicator& communicator);

/// "1.5 GiB".
std::string format_bytes(std::int64_t bytes);

} // namespace cascade::app
