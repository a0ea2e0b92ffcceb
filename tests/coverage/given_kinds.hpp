#pragma once
// Fields written to a file, for the whole program to read as somebody's own.

#include "tests/coverage/kind.hpp"

namespace cascade::coverage {

/// One .npy each, read by generator `file`: sizes that are no powers of two, boxes that are no cubes, whole periods,
/// pieces of a larger field, and points of a finer one. Quantities: h, zeta_1, zeta_2, the spectrum's slope, and the
/// measured alpha of uniform cells (q = 2, degree 0), which no blind exponent stands behind.
std::vector<Interval> given_series(std::uint64_t seed);  ///< D = 1, whole, n = 1000, 99999, 100000
std::vector<Interval> given_cut(std::uint64_t seed);     ///< D = 1, a quarter of a longer one
std::vector<Interval> given_aliased(std::uint64_t seed); ///< D = 1, every fourth point
std::vector<Interval> given_plane(std::uint64_t seed);   ///< D = 2, a part that is no square; 512^2 whole
std::vector<Interval> given_box(std::uint64_t seed);     ///< D = 3, a part that is no cube; 128^3 whole
std::vector<Interval> given_set(std::uint64_t seed);     ///< D = 2, a cascade on a set of dimension d, counted

} // namespace cascade::coverage
