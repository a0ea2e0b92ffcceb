#pragma once
// Numbers as a reader sees them. postprocess/cascade/report/numbers.py has the same rules; tests/data/numbers.json says
// what both must write.

#include <string>

namespace cascade::core {

/// A number whose error is not known. "-" for NaN, "inf" and "-inf". Whole numbers up to 1e15 are written whole, in
/// groups of three (1,048,576); what fewer than `digits` significant digits hold is written with these (0.25); n/3,
/// n/6, n/7, n/9, n/11 and n/12 within roundoff as fractions (1/6); all else with `digits` significant digits (0.3810),
/// outside of 1e-4 to 1e7 with a power of ten (4.2e-5).
std::string number_text(double value, int digits = 4);

/// "0.19045 +- 0.00024": the error with two significant digits, the value to the same place; large ones in groups of
/// three ("970,300 +- 1,200"), both below 1e-3 or beyond 1e7 with one power of ten ("(3.47 +- 0.15)e-4"). An error that
/// is not known, or none, leaves the number as above; one beyond 12 digits of the value is written alone.
std::string with_error_text(double value, double error, const std::string& between = " +- ");

/// The ends of a 95% interval, to the second digit of a quarter of its width: "0.1900 to 0.1909".
std::string interval_text(double low, double high, const std::string& between = " to ");

/// A value that has such an interval, to the place of its ends: "0.1905". Without an interval of two ends as
/// number_text() writes it.
std::string within_text(double value, double low, double high);

/// A number that is said to be below a whole bound, rounded down to two decimals: 2.997 is 2.99, and not the 3 that it
/// misses.
std::string rounded_down_text(double value);

/// A p-value: two significant digits, "< 0.0001" below.
std::string p_text(double p);

} // namespace cascade::core
