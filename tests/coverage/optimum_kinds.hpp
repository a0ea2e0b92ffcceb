#pragma once
// Kinds of the harness about what to train next: predictions of the main law, exponents of every other.

#include "tests/coverage/kind.hpp"

#include <vector>

namespace cascade::coverage {

std::vector<Kind> optimum_kinds();

} // namespace cascade::coverage
