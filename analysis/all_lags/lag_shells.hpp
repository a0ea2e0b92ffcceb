#pragma once
// Lags sorted by length, and the sums over them.

#include "core/grid/lag_transform.hpp"
#include "core/ranks/communicator.hpp"
#include "core/sums/exact_sum.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace cascade::analysis {

using Lag = std::array<core::Index, 3>;

/// Half of all lags (the first component that is not zero is positive), their lengths, weights and shells. Local.
class LagShells {
public:
  LagShells(const core::Domain& domain, const core::LagTransform& transform);
  std::size_t count() const { return bins_; }
  bool counted(const Lag& lag) const;
  double length(const Lag& lag) const;
  std::size_t shell(double length) const;
  /// One, and a half for each component that is half a periodic axis: that lag is there with both signs.
  double weight(const Lag& lag) const;
  double pairs(const Lag& lag) const;
  core::Index largest(int axis) const { return axes_[static_cast<std::size_t>(axis)].largest; }
  const core::LagAxis& axis(int axis) const { return axes_[static_cast<std::size_t>(axis)]; }
  double spacing(int axis) const { return spacing_[static_cast<std::size_t>(axis)]; }

private:
  std::array<core::LagAxis, 3> axes_;
  std::array<double, 3> spacing_{1, 1, 1};
  double width_;
  std::vector<std::size_t> bin_; ///< of a whole number of widths
  std::size_t bins_;
};

} // namespace cascade::analysis
