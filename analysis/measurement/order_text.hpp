#pragma once
// Numbers in names.

#include "core/input/parameters.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// "2", "2.5": orders, loss powers and thresholds in names and ids, with six digits.
std::string order_text(double order);

/// Complains, at this key, about the first two numbers of a list that would have the same name: their results could not
/// be told apart.
void require_names(const std::vector<double>& list, const std::string& key, core::Problems& problems);

} // namespace cascade::analysis
