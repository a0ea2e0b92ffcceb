#pragma once
// The answer of a fit that has nothing to say.

#include <stdexcept>

namespace cascade::analysis {

/// Thrown where the data allow no exponent at all (too few scales, too short a range, too few blocks). Its words say
/// what was there and what is needed; they go into the report as they are.
class NoFit : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

} // namespace cascade::analysis
