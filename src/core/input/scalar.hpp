#pragma once
// The strict grammar of scalars in an input file, and the one way numbers are printed back.

#include "core/input/parameters.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace cascade::core {

/// Either the value or what is wrong with the text (to be put behind "key: ").
template <class T>
using Parsed = std::variant<T, std::string>;

/// Decimal real: 2, -0.5, .5, 1e-3, or a fraction of two of them, 1/3. Refused: .nan, .inf, values beyond or below what
/// a double holds, underscores, hexadecimal, leading zeros (010 means 8 to one reader and 10 to another).
Parsed<double> parse_real(const std::string& text);

/// Decimal integer within 64 bits; no exponent, no decimal point.
Parsed<std::int64_t> parse_integer(const std::string& text);

/// true or false, nothing else.
Parsed<bool> parse_boolean(const std::string& text);

/// Shortest text that reads back to the same double; whole numbers without a point.
std::string format_real(double value);

/// "0.05 to 2.5", "at least 1", "any number".
std::string format_range(const Range1& range);

} // namespace cascade::core
