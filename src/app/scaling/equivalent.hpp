#pragma once
// The input that a bare data file stood for, written out.

#include "app/scaling/config.hpp"

#include <string>

namespace cascade::app {

/// The resolved configuration as block YAML, one key a line, without what nobody set; the table's file with its whole
/// path, so that it runs from any folder. Empty where the input was a YAML file. Local.
std::string equivalent_input(const ScalingConfig& config);

} // namespace cascade::app
