#pragma once
// The cascade as docs/theory.md (9) writes it: one point, one level after another, scalar Philox. Slow and obvious.

#include "core/points/point_field.hpp"
#include "core/random/random.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/tree.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <cmath>
#include <vector>

namespace cascade::test {

struct NaiveCascade {
  int dimensions;
  int levels;
  double dimension, hurst; ///< d and h
  core::Block root;

  NaiveCascade(int D, int level_count, double d, double h, std::uint64_t seed, std::uint64_t realisation)
      : dimensions(D), levels(level_count), dimension(d), hurst(h),
        root(core::CounterRng(seed, solvers::cascade_roots).block(realisation)) {}

  bool alive(const core::Block& key) const { return key[0] < std::exp2(dimension - dimensions) * 0x1p32; }

  /// Value at a point; `depth`, if wanted, receives the number of alive levels above it.
  double operator()(const core::Coordinate* x, int* depth = nullptr) const {
    core::Block key = root;
    double sum = 0;
    for (int l = 0; l < levels; ++l) {
      std::uint64_t child = 0;
      double value = (key[1] >= 0x80000000u ? -1 : 1) * std::exp2(-l * hurst);
      const auto orientation = static_cast<int>(key[2] * static_cast<std::uint64_t>(dimensions) >> 32);
      for (int a = 0; a < dimensions; ++a) {
        const core::Coordinate inside = x[a] << l;
        const double u = 2 * core::to_double(inside) - 1;
        value *= a == orientation ? theory::EddyProfile::wave(u) : theory::EddyProfile::window(u);
        child |= inside >> 63 << a;
      }
      sum += value;
      if (depth != nullptr)
        *depth = l + 1;
      key = core::philox(key, child);
      if (!alive(key))
        break;
    }
    return sum;
  }

  /// Largest value a field can have: for tolerances of roundoff.
  double bound() const {
    double b = 0;
    for (int l = 0; l < levels; ++l)
      b += std::exp2(-l * hurst) * std::pow(1.57, dimensions - 1) * 1.5;
    return b;
  }
};

inline solvers::BetaCascade make_cascade(int D, double d, double h, std::uint64_t seed = 1) {
  solvers::BetaCascadeParameters p;
  p.embedding_dimension = D;
  p.dimension = d;
  p.hurst = h;
  return {p, seed};
}

/// `count` random points, D coordinates each.
inline std::vector<core::Coordinate> random_points(int D, std::size_t count, std::uint64_t seed) {
  std::vector<core::Coordinate> points;
  const core::CounterRng random(seed, core::Stream{5});
  for (std::size_t i = 0; points.size() < count * static_cast<std::size_t>(D); ++i) {
    const core::Block b = random.block(i);
    points.push_back(static_cast<core::Coordinate>(b[0]) << 32 | b[1]);
    if (points.size() < count * static_cast<std::size_t>(D))
      points.push_back(static_cast<core::Coordinate>(b[2]) << 32 | b[3]);
  }
  return points;
}

/// Centre of grid cell i of n: (2 i + 1)/(2 n) to 64 bits.
inline core::Coordinate cell_centre(core::Index i, core::Index n) {
  return static_cast<core::Coordinate>((static_cast<unsigned __int128>(2 * i + 1) << 63) /
                                       static_cast<std::uint64_t>(n));
}

} // namespace cascade::test
