#pragma once
// Clouds on sets of known dimension, with targets of known roughness.

#include "tests/coverage/kind.hpp"

namespace cascade::coverage {

std::vector<Kind> cloud_kinds();

} // namespace cascade::coverage
