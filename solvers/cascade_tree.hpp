#pragma once
// The random tree under a cascade: which cells are alive, and the sign and orientation of their eddies.

#include "core/point_field.hpp"

#include <cstdint>
#include <vector>

namespace cascade::solvers {

/// Everything that defines one tree and the amplitudes on it. Plain value.
struct CascadeRules {
  int dimensions = 3;
  int levels = 1;                ///< levels 0..levels-1 carry eddies
  std::uint64_t threshold = 0;   ///< alive iff first key word < threshold = beta 2^32
  std::vector<double> amplitude; ///< 2^(-l h), l = 0..levels-1
  core::Block root{};

  CascadeRules(int dimensions, int levels, double dimension, double hurst, std::uint64_t seed,
               std::uint64_t realisation);
  bool alive(const core::Block& key) const { return key[0] < threshold; }
  double sign(const core::Block& key) const { return (key[1] >> 31) != 0 ? -1.0 : 1.0; }
  int orientation(const core::Block& key) const {
    return static_cast<int>(core::uniform_below(key[2], static_cast<std::uint32_t>(dimensions)));
  }
};

/// The tree as estimators see it.
class CascadeTree final : public core::ActiveTree {
public:
  explicit CascadeTree(CascadeRules rules) : rules_(std::move(rules)) {}
  int dimensions() const override { return rules_.dimensions; }
  int depth() const override { return rules_.levels; }
  core::Block root() const override { return rules_.root; }
  void children(const core::Block& key, std::span<core::Block> keys, std::span<std::uint8_t> alive) const override;
  void depth_at(std::span<const core::Coordinate> points, int limit, std::span<int> depth) const override;

private:
  CascadeRules rules_;
};

} // namespace cascade::solvers
