#pragma once
// Philox4x32-10 on many counters at once, laid out for SIMD; the same numbers as core::philox (tested).

#include "core/sums/clones.hpp"

#include <cstdint>

#define CASCADE_INLINE inline __attribute__((always_inline))

namespace cascade::core {

/// Counters (c0..c3)[0..n) are replaced by the random blocks under the 64-bit keys (low, high)[0..n).
CASCADE_INLINE void philox_lanes(int n, std::uint32_t* __restrict c0, std::uint32_t* __restrict c1,
                                 std::uint32_t* __restrict c2, std::uint32_t* __restrict c3,
                                 const std::uint32_t* __restrict low, const std::uint32_t* __restrict high) {
  for (int i = 0; i < n; ++i) {
    std::uint32_t x0 = c0[i], x1 = c1[i], x2 = c2[i], x3 = c3[i], k0 = low[i], k1 = high[i];
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = static_cast<std::uint64_t>(x0) * 0xD2511F53u;
      const std::uint64_t p1 = static_cast<std::uint64_t>(x2) * 0xCD9E8D57u;
      const auto y0 = static_cast<std::uint32_t>(p1 >> 32) ^ x1 ^ k0;
      const auto y2 = static_cast<std::uint32_t>(p0 >> 32) ^ x3 ^ k1;
      x1 = static_cast<std::uint32_t>(p1);
      x3 = static_cast<std::uint32_t>(p0);
      x0 = y0;
      x2 = y2;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    c0[i] = x0;
    c1[i] = x1;
    c2[i] = x2;
    c3[i] = x3;
  }
}

} // namespace cascade::core
