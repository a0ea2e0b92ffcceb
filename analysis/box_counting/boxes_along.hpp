#pragma once
// The boxes of one grid of boxes along one axis.

#include "analysis/box_counting/set_bits.hpp"
#include "core/ranks/communicator.hpp"

#include <algorithm>
#include <array>

namespace cascade::analysis {

/// Does the set go on to the border of the box, at the first and the last points of each axis?
struct Reach {
  std::array<bool, 3> first{}, last{};
};

/// Collective. The border: the two outermost points, or a 64th of the axis.
Reach reach_of(const SetBits& set, const core::Communicator& communicator);

/// Boxes along an axis that is there or not, from one origin.
class BoxesAlong {
public:
  BoxesAlong(const core::Domain& domain, const Reach& reach, int axis, core::Index side, core::Index origin)
      : reaches_first_(reach.first[static_cast<std::size_t>(axis)]),
        reaches_last_(reach.last[static_cast<std::size_t>(axis)]), points_(domain.points(axis)),
        side_(axis < domain.first_axis() ? 1 : side), origin_(origin),
        periodic_(axis < domain.first_axis() || domain.periodic(axis)) {}

  /// The box that holds point i; -1: none, what is left of a period.
  core::Index containing(core::Index i) const {
    if (!periodic_)
      return (i - origin_ + side_) / side_;
    const core::Index box = (i - origin_ + points_) % points_ / side_;
    return box < points_ / side_ ? box : -1;
  }
  core::Index first(core::Index box) const { ///< its first point
    return periodic_ ? (origin_ + box * side_) % points_ : std::max<core::Index>(0, origin_ + (box - 1) * side_);
  }
  core::Index length(core::Index box) const { ///< its points inside
    return periodic_ ? side_ : std::min(points_, origin_ + box * side_) - first(box);
  }
  /// Points it counts for: all where the set ends before the border, so that what is outside is known to be empty.
  core::Index counted(core::Index box) const {
    const bool cut =
        !periodic_ && ((reaches_first_ && first(box) == 0) || (reaches_last_ && first(box) + side_ > points_));
    return cut ? length(box) : side_;
  }
  core::Index middle(core::Index box) const {
    const core::Index at = origin_ + (periodic_ ? box : box - 1) * side_ + side_ / 2;
    return periodic_ ? at % points_ : std::clamp<core::Index>(at, 0, points_ - 1);
  }
  /// Are all its points in [begin, end)?
  bool inside(core::Index box, core::Index begin, core::Index end) const {
    const core::Index from = first(box);
    return from >= begin && from + length(box) <= end;
  }

private:
  bool reaches_first_, reaches_last_;
  core::Index points_, side_, origin_;
  bool periodic_;
};

} // namespace cascade::analysis
