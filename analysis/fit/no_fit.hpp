#pragma once
// "There is no exponent to be had here": an answer about the data, told apart from every failure.

#include <stdexcept>

namespace cascade::analysis {

/// Thrown by fits whose data cannot give an exponent (too few scales, say); what() says why, as the end of a sentence
/// without a full stop. Whoever runs fits turns it into a warning and leaves the result out (measurement/fits.hpp).
/// Nothing else means that: any other exception is a failure of the program or of a library.
class NoFit final : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace cascade::analysis
