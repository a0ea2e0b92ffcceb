#pragma once
// The lines of other ranks that pairs of a three-dimensional field need, all separations at once.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

#include <vector>

namespace cascade::analysis {

/// Lines (axis 2) of a field of three dimensions by their place along `axis` (0 or 1), those of this rank and as many
/// behind the end of its box as pairs up to `reach` points apart need; along a periodic axis they go on round its end.
/// They are fetched once for all separations, some planes of the other axis at a time: what is on its way at once is
/// a sixteenth of the rank's field, or one plane. Pairs far apart along an axis of many ranks need most of the axis.
class LinesAhead {
public:
  /// Local. 1 <= reach < n.
  LinesAhead(const core::RealField& field, const core::Communicator& communicator, int axis, core::Index reach);

  /// How often everyone calls fetch.
  int groups() const { return groups_; }
  /// Collective: brings the lines of group 0 <= `group` < groups(); gives the places of its planes along the other
  /// axis.
  core::Range fetch(int component, int group);
  /// The line at `along` points from the beginning of the box, 0 <= along < extent + reach, in a plane of the group
  /// fetched last; null where the axis has ended.
  const double* line(core::Index along, core::Index across) const;

  /// Bytes on their way at once, sent and received, on the rank with most. Local.
  static double message_bytes(const core::Decomposition& decomposition, core::Index reach);

private:
  /// Lines [first, first + count) in the owner's numbering, for places `place` ... behind the box that wants them.
  struct Segment {
    core::Index place, first, count;
  };
  struct Shape {
    core::Index most_lines, groups;
  };
  static Shape shape_of(const core::Decomposition& decomposition, int axis, core::Index reach);
  static core::Index wanted(const core::Decomposition& decomposition, int axis, core::Index reach, int rank);
  std::vector<Segment> segments(int wanting, int owning) const;
  core::Range planes(int rank, int group) const;

  const core::RealField& field_;
  const core::Communicator& communicator_;
  int axis_, groups_;
  core::Index reach_;
  int component_ = 0;
  core::Range here_{};                  ///< planes of the group
  std::vector<core::Index> where_;      ///< by place behind the box: the line's number among those received, -1: own
  std::vector<double> sent_, received_; ///< as large as they were ever needed: fresh pages cost more than the copies
};

} // namespace cascade::analysis
