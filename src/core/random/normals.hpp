#pragma once
// Standard normal numbers from counters, many at a time.

#include "core/random/random.hpp"

#include <cstdint>
#include <span>

namespace cascade::core {

/// Independent standard normals, two from each 128-bit block of CounterRng, by Box and Muller:
///   z_2i = r cos(2 pi v), z_2i+1 = r sin(2 pi v), r = sqrt(-2 ln u), for block(first_index + i, sub),
/// where u and v are (2 m + 1)/2^53 with m the upper 52 bits of words (0, 1) and (2, 3) of the block.
/// `pairs` has an even length 2 n and takes the blocks first_index .. first_index + n - 1. A number depends on its
/// block alone, never on how the range is cut or on the vector width of the CPU: logarithm, sine and cosine are own
/// branch-free polynomials (relative error below 4 epsilon), the same operations in every lane. Pure and local. abs(z)
/// < 8.58.
void normal_pairs(const CounterRng& rng, std::uint64_t first_index, std::uint32_t sub, std::span<double> pairs);

} // namespace cascade::core
