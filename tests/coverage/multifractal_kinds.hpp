#pragma once
// Multifractal cascades and what is measured of them, by runs of the whole program.

#include "tests/coverage/kind.hpp"

namespace cascade::coverage {

std::vector<Kind> multifractal_kinds();

} // namespace cascade::coverage
