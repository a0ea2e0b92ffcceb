#pragma once
// The input made for a field's file that is named without one.

#include <string>
#include <vector>

namespace cascade::app {

/// The endings of all formats of arrays (core/arrays), with the dot, in small letters.
std::vector<std::string> field_file_endings();

/// Everything a field's first look needs: structure functions, spectrum, box counting of thresholds and gradients,
/// piecewise fits, as YAML with comments. Local; throws core::Error(bad_input) where the file cannot be read.
std::string input_for_field(const std::string& file);

} // namespace cascade::app
