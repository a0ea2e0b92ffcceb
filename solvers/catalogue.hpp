#pragma once
// The table of generators: adding one is one file pair and one line in catalogue.cpp.

#include "solvers/parameters.hpp"

#include <vector>

namespace cascade::solvers {

const std::vector<GeneratorEntry>& catalogue();

} // namespace cascade::solvers
