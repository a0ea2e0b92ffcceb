#pragma once
// Elementary functions without branches, which a compiler can run in as many lanes as the CPU has, with the same bits.

#include "core/sums/clones.hpp"

#include <bit>
#include <cstdint>

namespace cascade::core::vector_math {

inline double as_double(std::uint64_t bits) {
  return std::bit_cast<double>(bits);
}
inline std::uint64_t as_bits(double x) {
  return std::bit_cast<std::uint64_t>(x);
}

/// ln u for normal u: u = 2^k m, m in [sqrt(1/2), sqrt 2), ln m = 2 artanh(f/(2+f)), f = m - 1, by the polynomial of
/// FreeBSD's e_log.c (error below one unit in the last place).
inline double natural_log(double u) {
  constexpr std::uint64_t half_root = 0x3fe6a09e00000000u;
  const std::uint64_t t = as_bits(u) + (0x3ff0000000000000u - half_root);
  const double k = as_double(0x4330000000000000u | t >> 52) - (0x1p52 + 1023);
  const double f = as_double((t & 0x000fffffffffffffu) + half_root) - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s, w = z * z;
  const double even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
  const double odd = z * (0.6666666666666735130 +
                          w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
  const double half_square = 0.5 * f * f;
  return k * 6.93147180369123816490e-01 -
         ((half_square - (s * (half_square + even + odd) + k * 1.90821492927058770002e-10)) - f);
}

struct SineCosine {
  double sine, cosine;
};

/// Sine and cosine of 2 pi v, abs(v) < 2^40: quarter turns are exact, the rest is at most an eighth of a turn, where
/// the polynomials of FreeBSD's k_sin.c and k_cos.c hold.
inline SineCosine turn(double v) {
  constexpr double to_integer = 0x1.8p52; // adding it rounds to an integer, found in the lowest bits
  const double shifted = 4.0 * v + to_integer;
  const std::uint64_t quarter = as_bits(shifted);
  const double x = (4.0 * v - (shifted - to_integer)) * 1.57079632679489661923;
  const double z = x * x;
  const double sine = x + x * z *
                              (-1.66666666666666324348e-01 +
                               z * (8.33333333332248946124e-03 +
                                    z * (-1.98412698298579493134e-04 +
                                         z * (2.75573137070700676789e-06 +
                                              z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))));
  const double tail = z * z *
                      (4.16666666666666019037e-02 +
                       z * (-1.38888888888741095749e-03 +
                            z * (2.48015872894767294178e-05 +
                                 z * (-2.75573143513906633035e-07 +
                                      z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  const double half = 0.5 * z, whole = 1.0 - half;
  const double cosine = whole + ((1.0 - whole - half) + tail);
  const std::uint64_t swap = std::uint64_t{0} - (quarter & 1); // all ones in odd quarters
  const std::uint64_t s = (as_bits(sine) & ~swap) | (as_bits(cosine) & swap);
  const std::uint64_t c = (as_bits(cosine) & ~swap) | (as_bits(sine) & swap);
  return {as_double(s ^ (quarter & 2) << 62), as_double(c ^ ((quarter + 1) & 2) << 62)};
}

/// e^x for -700 < x < 700: x = k ln 2 + r, e^r by its series to r^13 (the rest is below 5e-18 for abs(r) <= ln(2)/2).
inline double exponential(double x) {
  constexpr double to_integer = 0x1.8p52;
  const double shifted = x * 1.44269504088896338700 + to_integer;
  const double k = shifted - to_integer;
  const double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double series = 1.0 / 6227020800.0;
  series = series * r + 1.0 / 479001600.0;
  series = series * r + 1.0 / 39916800.0;
  series = series * r + 1.0 / 3628800.0;
  series = series * r + 1.0 / 362880.0;
  series = series * r + 1.0 / 40320.0;
  series = series * r + 1.0 / 5040.0;
  series = series * r + 1.0 / 720.0;
  series = series * r + 1.0 / 120.0;
  series = series * r + 1.0 / 24.0;
  series = series * r + 1.0 / 6.0;
  series = series * r + 0.5;
  series = series * (r * r) + r + 1.0;
  return as_double(as_bits(series) + (as_bits(shifted) << 52)); // the integer k lies in the lowest bits of `shifted`
}

} // namespace cascade::core::vector_math
