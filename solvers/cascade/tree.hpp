#pragma once
// The random tree under a cascade: which cells are alive, and the sign and orientation of their eddies.

#include "core/points/point_field.hpp"
#include "core/random/philox_lanes.hpp"
#include "solvers/cascade/multiplier_table.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace cascade::solvers {

inline constexpr core::Stream cascade_roots{1}; ///< root keys of trees

/// Everything that defines one tree and the amplitudes on it. Plain value.
struct CascadeRules {
  int dimensions = 3;
  int levels = 1;                ///< levels 0..levels-1 carry eddies
  bool oriented = false;         ///< an eddy is a wave along its own axis and constant along the others
  std::uint64_t last_alive = 0;  ///< alive iff key words (0, 3), as one number, <= last_alive = beta 2^64 - 1
  std::vector<double> amplitude; ///< 2^(-l h), l = 0..levels-1
  core::Block root{};
  /// Amplitudes are products of random factors as well; null: they depend on the level alone (the beta cascade).
  std::shared_ptr<const MultiplierTable> multipliers = nullptr;

  CascadeRules(int dimensions, int levels, double dimension, double hurst, std::uint64_t seed,
               std::uint64_t realisation, bool oriented = false);
  /// beta >= 2^-16 is rounded to 32 bits, so that the first word decides alone; smaller ones to 64 bits. Below 2^-64,
  /// 2^-64 stands for beta: such a cell is never met.
  bool alive(const core::Block& key) const { return (static_cast<std::uint64_t>(key[0]) << 32 | key[3]) <= last_alive; }
  /// What the path to a child multiplies its amplitude by, 0 where the child is dead.
  double factor(const core::Block& parent, std::uint32_t child, const core::Block& key) const {
    if (multipliers)
      return (*multipliers)(parent[3], child, key[0]);
    return alive(key) ? 1.0 : 0.0;
  }
  double sign(const core::Block& key) const { return (key[1] >> 31) != 0 ? -1.0 : 1.0; }
  int orientation(const core::Block& key) const {
    return static_cast<int>(core::uniform_below(key[2], static_cast<std::uint32_t>(dimensions)));
  }
};

/// Position in the cell of `level` as u in [-1, 1), to 52 bits: the fraction becomes the mantissa of a double in [1,
/// 2).
CASCADE_INLINE double cell_position(core::Coordinate x, int level) {
  return 2.0 * __builtin_bit_cast(double, ((x << level) >> 12) | 0x3FF0000000000000u) - 3.0;
}

/// Key of the child that holds the point x (D coordinates) of a cell of `level`: Philox under the child's index, 64 of
/// its D bits at a time.
core::Block child_key(core::Block key, const core::Coordinate* x, int dimensions, int level);

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
