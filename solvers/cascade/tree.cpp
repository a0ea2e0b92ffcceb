#include "solvers/cascade/tree.hpp"

#include "core/random/philox_lanes.hpp"
#include "solvers/cascade/points.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::solvers {
namespace {

constexpr int lanes = 16;

/// Keys of up to 16 consecutive children, first child `first`.
CASCADE_CLONES void child_keys(const core::Block& key, std::uint32_t first, int count, core::Block* keys) {
  alignas(64) std::uint32_t c0[lanes], c1[lanes], c2[lanes], c3[lanes], low[lanes], high[lanes];
  for (int i = 0; i < lanes; ++i) {
    c0[i] = key[0];
    c1[i] = key[1];
    c2[i] = key[2];
    c3[i] = key[3];
    low[i] = first + static_cast<std::uint32_t>(i);
    high[i] = 0;
  }
  core::philox_lanes(count <= 8 ? 8 : lanes, c0, c1, c2, c3, low, high);
  for (int i = 0; i < count; ++i)
    keys[i] = {c0[i], c1[i], c2[i], c3[i]};
}

/// The largest number that is alive when the probability is 2^log2_beta.
std::uint64_t last_of(double log2_beta) {
  const double beta = std::exp2(log2_beta);
  if (beta >= 0x1p-16)
    return ((static_cast<std::uint64_t>(std::llround(beta * 0x1p32)) - 1) << 32) | 0xffffffffu;
  return static_cast<std::uint64_t>(std::max(std::round(beta * 0x1p64), 1.0)) - 1;
}

} // namespace

CascadeRules::CascadeRules(int dims, int level_count, double dimension, double hurst, std::uint64_t seed,
                           std::uint64_t realisation, bool oriented_profile)
    : dimensions(dims), levels(level_count), oriented(oriented_profile), last_alive(last_of(dimension - dims)),
      root(core::CounterRng(seed, cascade_roots).block(realisation)) {
  for (int l = 0; l < levels; ++l)
    amplitude.push_back(std::exp2(-l * hurst));
}

core::Block child_key(core::Block key, const core::Coordinate* x, int dimensions, int level) {
  for (int first = 0; first < dimensions; first += 64) {
    std::uint64_t index = 0;
    for (int a = first; a < std::min(first + 64, dimensions); ++a)
      index |= ((x[a] >> (63 - level)) & 1u) << (a - first);
    key = core::philox(key, index);
  }
  return key;
}

void CascadeTree::children(const core::Block& key, std::span<core::Block> keys, std::span<std::uint8_t> alive) const {
  const int count = 1 << rules_.dimensions;
  for (int first = 0; first < count; first += lanes)
    child_keys(key, static_cast<std::uint32_t>(first), std::min(lanes, count - first),
               &keys[static_cast<std::size_t>(first)]);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    alive[i] = rules_.factor(key, static_cast<std::uint32_t>(i), keys[i]) > 0 ? 1 : 0;
}

void CascadeTree::depth_at(std::span<const core::Coordinate> points, int limit, std::span<int> depth) const {
  const auto d = static_cast<std::size_t>(rules_.dimensions);
  PointBatch batch(rules_);
  for (std::size_t first = 0; first < depth.size(); first += PointBatch::capacity) {
    const std::size_t count = std::min<std::size_t>(PointBatch::capacity, depth.size() - first);
    batch.clear();
    for (std::size_t i = 0; i < count; ++i) {
      batch.push(&points[(first + i) * d], 1, rules_.root, 1, static_cast<int>(first + i));
      depth[first + i] = 1;
    }
    for (int level = 0; level + 1 < std::min(limit, rules_.levels) && batch.size() > 0; ++level) {
      batch.descend(level);
      for (int i = 0; i < batch.size(); ++i)
        depth[static_cast<std::size_t>(batch.slots()[i])] = level + 2;
    }
  }
}

} // namespace cascade::solvers
