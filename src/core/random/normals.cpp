#include "core/random/normals.hpp"

#include "core/sums/vector_math.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::core {
namespace {

constexpr std::size_t lanes = 32; // blocks at a time: scratch stays in the first-level cache
using Words = std::array<std::uint32_t, lanes>;
using Doubles = std::array<double, lanes>;

/// Philox4x32-10 in all lanes at once: J. K. Salmon et al., SC'11.
struct Lanes {
  Words w0, w1, w2, w3;
};

constexpr std::uint64_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
constexpr std::uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;

/// (2 m + 1)/2^53 from the upper 52 of 64 bits, with no conversion from integer: exact.
inline double centred_uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t m = (static_cast<std::uint64_t>(high) << 32 | low) >> 12;
  return vector_math::as_double(0x3ff0000000000000u | m) - (1.0 - 0x1p-53);
}

CASCADE_CLONES
void philox_lanes(Lanes& c, std::uint64_t key) {
  for (std::size_t i = 0; i < lanes; ++i) {
    std::uint32_t c0 = c.w0[i], c1 = c.w1[i], c2 = c.w2[i], c3 = c.w3[i];
    auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = multiplier0 * c0, p1 = multiplier1 * c2;
      c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
      c1 = static_cast<std::uint32_t>(p1);
      c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
      c3 = static_cast<std::uint32_t>(p0);
      k0 += weyl0;
      k1 += weyl1;
    }
    c.w0[i] = c0;
    c.w1[i] = c1;
    c.w2[i] = c2;
    c.w3[i] = c3;
  }
}

CASCADE_CLONES
void box_muller(const Lanes& words, double* pairs) {
  Doubles radius;
  for (std::size_t i = 0; i < lanes; ++i)
    radius[i] = std::sqrt(-2.0 * vector_math::natural_log(centred_uniform(words.w0[i], words.w1[i])));
  for (std::size_t i = 0; i < lanes; ++i) {
    const auto t = vector_math::turn(centred_uniform(words.w2[i], words.w3[i]));
    pairs[2 * i] = radius[i] * t.cosine;
    pairs[2 * i + 1] = radius[i] * t.sine;
  }
}

/// The same for one block, by the same operations.
void one_pair(const Block& b, double* pair) {
  const double radius = std::sqrt(-2.0 * vector_math::natural_log(centred_uniform(b[0], b[1])));
  const auto t = vector_math::turn(centred_uniform(b[2], b[3]));
  pair[0] = radius * t.cosine;
  pair[1] = radius * t.sine;
}

} // namespace

void normal_pairs(const CounterRng& rng, std::uint64_t first_index, std::uint32_t sub, std::span<double> pairs) {
  constexpr std::size_t few = 4; // blocks that are sooner done one by one than in lanes
  alignas(64) Lanes words;
  alignas(64) std::array<double, 2 * lanes> numbers;
  for (std::size_t done = 0; done < pairs.size(); done += 2 * lanes) {
    const std::uint64_t index = first_index + done / 2;
    const std::size_t count = std::min(2 * lanes, pairs.size() - done);
    if (count <= 2 * few) {
      for (std::size_t i = 0; i < count; i += 2)
        one_pair(rng.block(index + i / 2, sub), pairs.data() + done + i);
      continue;
    }
    for (std::size_t i = 0; i < lanes; ++i) {
      words.w0[i] = static_cast<std::uint32_t>(index + i);
      words.w1[i] = static_cast<std::uint32_t>((index + i) >> 32);
    }
    words.w2.fill(sub);
    words.w3.fill(rng.stream());
    philox_lanes(words, rng.seed());
    box_muller(words, count == 2 * lanes ? pairs.data() + done : numbers.data());
    if (count < 2 * lanes)
      std::copy_n(numbers.begin(), count, pairs.begin() + static_cast<std::ptrdiff_t>(done));
  }
}

} // namespace cascade::core
