#pragma once
// What theory says of a result and of its curve. Filled in by the entries of measurements, read by app/verdict alone.

#include "theory/expectation.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace cascade::theory {
class Law;
}

namespace cascade::analysis {

/// The value a law predicts.
struct Predicted {
  std::string formula;
  double value = 0;
  bool near_saturation = false; ///< too close to the smooth limit for a verdict
};

/// The curve an exact expectation predicts, at the rows of the table behind it.
struct Expected {
  theory::Expectation::Values values;
  std::string missing = "no exact expectation is known for this order: none is given"; ///< why there are no values
  bool levels = false; ///< the table counts the tree itself: tested level by level against its branching
};

/// Rows of a table to be tested as one number: their sum with these weights. Chosen by geometry, before any result is
/// seen.
using Combination = std::map<std::size_t, double>;

/// Cells (modes) a realisation must have at a scale to be tested: fewer large eddies are far from a normal
/// distribution.
constexpr double fewest_cells_to_test = 32;

} // namespace cascade::analysis
