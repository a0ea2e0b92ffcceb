#pragma once
// Counter-based randomness (Random123's Philox4x32-10): a number is a pure function of (seed, stream, index).

#include <Random123/philox.h>

#include <array>
#include <cstdint>

namespace cascade::core {

/// 128 random bits.
using Block = std::array<std::uint32_t, 4>;

/// A sequence of random numbers that belongs to one purpose. Whoever draws names a stream of its own where it is used,
///   constexpr core::Stream phases{10};
/// and a test reads the sources and refuses a number that was given to two purposes.
struct Stream {
  std::uint32_t number;
};

/// Philox4x32-10 of a 128-bit counter under a 64-bit key.
inline Block philox(const Block& counter, std::uint64_t key) {
  const philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
  const philox4x32_key_t k = {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
  const philox4x32_ctr_t r = philox4x32(c, k);
  return {r.v[0], r.v[1], r.v[2], r.v[3]};
}

/// Pure function (seed, stream, index) -> random bits; copyable value.
class CounterRng {
public:
  CounterRng(std::uint64_t seed, Stream stream) : seed_(seed), stream_(stream.number) {}
  /// Block number `sub` of element `index`; sub < 2^32.
  Block block(std::uint64_t index, std::uint32_t sub = 0) const {
    return philox({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), sub, stream_}, seed_);
  }
  std::uint64_t seed() const { return seed_; }
  std::uint32_t stream() const { return stream_; }

private:
  std::uint64_t seed_;
  std::uint32_t stream_;
};

/// Uniform in the open interval (0, 1) from 64 random bits: (2 m + 1)/2^54 with m the upper 53 bits.
inline double uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t m = ((static_cast<std::uint64_t>(high) << 32) | low) >> 11;
  return (static_cast<double>(m) + 0.5) * 0x1p-53;
}

/// Uniform integer in [0, n) from 32 random bits (multiply-shift; bias below n/2^32).
inline std::uint32_t uniform_below(std::uint32_t bits, std::uint32_t n) {
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(bits) * n) >> 32);
}

} // namespace cascade::core
