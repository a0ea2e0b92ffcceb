#pragma once
// The input made for a field's file that is named without one.

#include <string>

namespace cascade::app {

/// The ending is that of a format of arrays (core/arrays). Of tables, those whose columns do not read like losses of
/// models (a column named loss, perplexity or error). Local; never throws.
bool is_field_file(const std::string& file);

/// Everything a field's first look needs: structure functions, spectrum, box counting of thresholds and gradients,
/// piecewise fits, as YAML with comments. Local; throws core::Error(bad_input) where the file cannot be read.
std::string input_for_field(const std::string& file);

} // namespace cascade::app
