#pragma once
// Fields of known d and h for the blind exponents.

#include "tests/coverage/kind.hpp"

namespace cascade::coverage {

/// zeta_1, zeta_2, zeta_3 and zeta_4 of one field each, h uniform in [.1, .9], cascades [.1, .5]; everything random
/// comes from the seed.
std::vector<Interval> blind_gaussian_1d(std::uint64_t seed);
std::vector<Interval> blind_gaussian_2d(std::uint64_t seed);
std::vector<Interval> blind_gaussian_3d(std::uint64_t seed);
std::vector<Interval> blind_short(std::uint64_t seed);
std::vector<Interval> blind_aliased_1d(std::uint64_t seed);
std::vector<Interval> blind_aliased_2d(std::uint64_t seed);
std::vector<Interval> blind_solenoidal(std::uint64_t seed);
std::vector<Interval> blind_cascade_1d(std::uint64_t seed);
std::vector<Interval> blind_cascade_2d(std::uint64_t seed);
std::vector<Interval> blind_cascade_3d(std::uint64_t seed);
std::vector<Interval> blind_cut_1d(std::uint64_t seed);
std::vector<Interval> blind_cut_2d(std::uint64_t seed);
std::vector<Interval> blind_cut_3d(std::uint64_t seed);
std::vector<Interval> blind_one_octave(std::uint64_t seed);

} // namespace cascade::coverage
