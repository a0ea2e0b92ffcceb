#pragma once
// Measurements that cannot leave out values which are not there.

#include "core/grid/grid_sample.hpp"

#include <string>

namespace cascade::analysis {

/// Throws Error(bad_input) where values are missing (`missing: exclude`): `key`, of the input, needs all of them. A sum
/// over what is there, a bin of what is not, or a transform of either would be a number of something else. Equal on all
/// ranks.
void require_all_values(const core::GridSample& sample, const std::string& key);

} // namespace cascade::analysis
