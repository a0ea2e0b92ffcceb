#pragma once
// Vector arithmetic whose result does not depend on the instruction set: the lanes are part of the algorithm.

#include "core/sums/clones.hpp"

#include <cstddef>
#include <cstring>

namespace cascade::analysis::simd {

/// Eight doubles; on a machine with shorter registers the compiler splits it, with the same results.
using Lanes8 = double __attribute__((vector_size(64)));

inline void load(Lanes8& to, const double* from) {
  std::memcpy(&to, from, sizeof(Lanes8));
}
inline void store(double* to, const Lanes8& from) {
  std::memcpy(to, &from, sizeof(Lanes8));
}

/// Sum of the lanes in a fixed order (pairs at distance 4, 2, 1).
inline double reduce(const Lanes8& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

} // namespace cascade::analysis::simd
