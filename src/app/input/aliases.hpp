#pragma once
// Sections that may stand in two places.

#include "core/input/config_tree.hpp"
#include "core/input/diagnostics.hpp"

#include <string>

namespace cascade::app {

/// The one name that is read and written: "approximation.degrees" for "analysis.approximation.degrees", "sampling" for
/// "run.sampling"; any other key as it is. The short ones are older than `analysis`, and every input has them.
std::string canonical_key(const std::string& key);

/// Moves sections of the tree to where their canonical keys are; says where one stands in both places.
void adopt_aliases(core::ConfigNode& root, core::Diagnostics& diagnostics);

} // namespace cascade::app
