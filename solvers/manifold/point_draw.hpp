#pragma once
// The random numbers of one point.

#include "core/random/random.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace cascade::solvers {

/// Numbers number 0, 1, 2, ... of point `index`: pure functions of (seed, stream, index, number), so that a point is
/// the same on every rank and whatever the size of the cloud. Uniform numbers keep `margin` from 0 and 1: test points
/// inside the border of what was learned.
class PointDraw {
public:
  PointDraw(const core::CounterRng& rng, std::uint64_t index, double margin = 0)
      : rng_(rng), index_(index), margin_(margin) {}

  double uniform(int number) const { return margin_ + (1 - 2 * margin_) * plain(number); }
  /// Box and Muller; standard normal.
  double normal(int number) const {
    const core::Block b = rng_.block(index_, static_cast<std::uint32_t>(number));
    const double radius = std::sqrt(-2 * std::log(core::uniform(b[0], b[1])));
    return radius * std::cos(2 * std::numbers::pi * core::uniform(b[2], b[3]));
  }
  /// Of mean 1.
  double exponential(int number) const { return -std::log(plain(number)); }

private:
  double plain(int number) const {
    const core::Block b = rng_.block(index_, static_cast<std::uint32_t>(number));
    return core::uniform(b[0], b[1]);
  }
  core::CounterRng rng_;
  std::uint64_t index_;
  double margin_;
};

} // namespace cascade::solvers
