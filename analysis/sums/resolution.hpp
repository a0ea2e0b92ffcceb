#pragma once
// How small a difference the numbers of a field can still hold.

#include <span>

namespace cascade::analysis {

/// What is as small as this is rounding: 1e-13 of the largest |value|, and 2.5e-7 of it (four roundings) where every
/// value is one of single precision. Whole numbers are exact, however few their digits. Local.
double rounding_of(std::span<const double> values);

} // namespace cascade::analysis
