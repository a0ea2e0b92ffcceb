#pragma once
// Vector arithmetic whose result does not depend on the instruction set: the lanes are part of the algorithm.

#include "core/sums/clones.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace cascade::analysis::simd {

/// Eight doubles; on a machine with shorter registers the compiler splits it, with the same results.
using Lanes8 = double __attribute__((vector_size(64)));

/// Parts of them, for what is worked off a few lanes at a time.
using Lanes4 = double __attribute__((vector_size(32)));
using Lanes2 = double __attribute__((vector_size(16)));

// Read and written as they are, wherever they lie. Through memcpy the same chains took three times as long with gcc 12
// for x86-64-v3; clang takes such a type for one that is aligned.
#ifdef __clang__
template <class Lanes>
[[gnu::always_inline]] inline void load(Lanes& to, const double* from) {
  __builtin_memcpy(&to, from, sizeof(Lanes));
}
template <class Lanes>
[[gnu::always_inline]] inline void store(double* to, const Lanes& from) {
  __builtin_memcpy(to, &from, sizeof(Lanes));
}
#else
using Loose8 = double __attribute__((vector_size(64), aligned(8), may_alias));
[[gnu::always_inline]] inline void load(Lanes8& to, const double* from) {
  to = *reinterpret_cast<const Loose8*>(from);
}
[[gnu::always_inline]] inline void store(double* to, const Lanes8& from) {
  *reinterpret_cast<Loose8*>(to) = from;
}
using Loose4 = double __attribute__((vector_size(32), aligned(8), may_alias));
[[gnu::always_inline]] inline void load(Lanes4& to, const double* from) {
  to = *reinterpret_cast<const Loose4*>(from);
}
[[gnu::always_inline]] inline void store(double* to, const Lanes4& from) {
  *reinterpret_cast<Loose4*>(to) = from;
}
using Loose2 = double __attribute__((vector_size(16), aligned(8), may_alias));
[[gnu::always_inline]] inline void load(Lanes2& to, const double* from) {
  to = *reinterpret_cast<const Loose2*>(from);
}
[[gnu::always_inline]] inline void store(double* to, const Lanes2& from) {
  *reinterpret_cast<Loose2*>(to) = from;
}
#endif

/// |v|: all bits but the sign.
[[gnu::always_inline]] inline void take_magnitude(Lanes8& v) {
  using Bits = std::int64_t __attribute__((vector_size(64)));
  const Bits bits = (Bits)v & std::numeric_limits<std::int64_t>::max();
  v = (Lanes8)bits;
}
[[gnu::always_inline]] inline void take_magnitude(Lanes4& v) {
  using Bits = std::int64_t __attribute__((vector_size(32)));
  const Bits bits = (Bits)v & std::numeric_limits<std::int64_t>::max();
  v = (Lanes4)bits;
}
[[gnu::always_inline]] inline void take_magnitude(Lanes2& v) {
  using Bits = std::int64_t __attribute__((vector_size(16)));
  const Bits bits = (Bits)v & std::numeric_limits<std::int64_t>::max();
  v = (Lanes2)bits;
}

/// Sum of the lanes in a fixed order (pairs at distance 4, 2, 1).
inline double reduce(const Lanes8& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

} // namespace cascade::analysis::simd
