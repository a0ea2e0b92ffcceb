#pragma once
// Numbers that choose an input.

#include "core/grid/domain.hpp"
#include "core/random/random.hpp"

#include <cstdint>
#include <vector>

namespace cascade::coverage {

/// A pure function of the input's seed: the n-th call always gives the same.
class Chooser {
public:
  explicit Chooser(std::uint64_t seed) : rng_(seed, core::Stream{90}) {}
  double between(double low, double high) {
    const core::Block bits = rng_.block(next_++);
    return low + (high - low) * core::uniform(bits[0], bits[1]);
  }
  template <class T>
  T one_of(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(between(0, static_cast<double>(values.size())))];
  }
  core::Index whole(core::Index low, core::Index high) {
    return static_cast<core::Index>(between(static_cast<double>(low), static_cast<double>(high) + 1));
  }

private:
  core::CounterRng rng_;
  std::uint64_t next_ = 0;
};

} // namespace cascade::coverage
