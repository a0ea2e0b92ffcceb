// The SIMD layout of Philox against Random123's scalar one, bit for bit.

#include "core/random/philox_lanes.hpp"
#include "core/random/random.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace cascade;
using core::Block;

namespace {

struct Lanes {
  std::vector<std::uint32_t> c0, c1, c2, c3, low, high;

  void push(const Block& counter, std::uint64_t key) {
    c0.push_back(counter[0]);
    c1.push_back(counter[1]);
    c2.push_back(counter[2]);
    c3.push_back(counter[3]);
    low.push_back(static_cast<std::uint32_t>(key));
    high.push_back(static_cast<std::uint32_t>(key >> 32));
  }
  void run(int n) { core::philox_lanes(n, c0.data(), c1.data(), c2.data(), c3.data(), low.data(), high.data()); }
  Block at(std::size_t i) const { return {c0[i], c1[i], c2[i], c3[i]}; }
};

} // namespace

TEST_CASE("Philox gives the known answers of its authors", "[philox]") {
  // Random123's own table of known answers for philox4x32, ten rounds.
  CHECK(core::philox({0, 0, 0, 0}, 0) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(core::philox({~0u, ~0u, ~0u, ~0u}, ~std::uint64_t{0}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(core::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("Lanes of Philox are Philox, whatever their number", "[philox]") {
  const core::CounterRng random(11, core::Stream{5});
  for (const int n : {1, 2, 3, 7, 8, 13, 16, 31, 128}) {
    Lanes lanes;
    std::vector<Block> counters, expected;
    for (int i = 0; i <= n; ++i) {
      const Block key = random.block(static_cast<std::uint64_t>(i), 1);
      const std::uint64_t k = static_cast<std::uint64_t>(key[1]) << 32 | key[0];
      counters.push_back(random.block(static_cast<std::uint64_t>(i)));
      lanes.push(counters.back(), k);
      expected.push_back(core::philox(counters.back(), k));
    }
    lanes.run(n);
    for (int i = 0; i < n; ++i)
      CHECK(lanes.at(static_cast<std::size_t>(i)) == expected[static_cast<std::size_t>(i)]);
    CHECK(lanes.at(static_cast<std::size_t>(n)) == counters.back()); // the lane beyond is left alone
  }
}
