#pragma once
// The text of a table, read once.

#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace cascade::app {

/// A text as it is read and sent.
core::MemoryParts text_memory(std::uintmax_t size);

/// Rank 0 reads, all get it. `require` throws where there is no room; `key` is what named the file. Throws
/// core::Error(bad_input). Collective.
std::string read_table(const std::string& file, const std::string& key, const core::Communicator& communicator,
                       const std::function<void(const core::MemoryParts&)>& require);

} // namespace cascade::app
