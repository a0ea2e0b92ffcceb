#pragma once
// Every line of a distributed field beside the line a given number of points away.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

#include <functional>
#include <span>
#include <vector>

namespace cascade::analysis {

/// Pairs of contiguous lines (axis 2) of a field: the line at index i along `axis` (0 or 1) and the one at
/// (i + shift) mod n; along an axis that is not periodic only the lines with i + shift < n. Only lines another rank
/// owns are exchanged, a slice of the rank's box at a time, so that the work space stays below half the field.
/// Construction is local; for_each is collective. 0 <= shift < n.
class ShiftedLines {
public:
  ShiftedLines(const core::RealField& field, const core::Communicator& communicator, int axis, core::Index shift);

  /// Bytes of the lines that are on their way, sent and received, along the axis and of the rank that have most. Local.
  static double message_bytes(const core::Decomposition& decomposition);

  /// Whether the axis is shared among ranks: if not, no line is ever exchanged. Local.
  static bool is_split(const core::Decomposition& decomposition, int axis);

  /// visit(i, j, here, there): local indices of `here` on axes 0 and 1; a whole line each. Every own line that has a
  /// partner comes once.
  using Visitor = std::function<void(core::Index, core::Index, std::span<const double>, std::span<const double>)>;
  /// Lines on their way. Whoever visits at many shifts passes the same to all: fresh pages cost more than the copies.
  struct Buffers {
    std::vector<double> send, received;
  };
  void for_each(int component, const Visitor& visit) const;
  /// The same without the lines whose partner lies behind them in this rank's own box, index + shift, which whoever
  /// calls has done already.
  void for_each_elsewhere(int component, Buffers& buffers, const Visitor& visit) const;

private:
  /// Lines with indices [first, first + count) along the axis (in the owner's numbering), wanted by or from one rank.
  struct Segment {
    int rank;
    core::Index target; ///< index of the first line in the box of the rank that wants it
    core::Index first;  ///< index of the first line in the box of the rank that owns it
    core::Index count;
  };
  /// Where the partner of a line is found: the partner of line `other` of the other axis starts at base + other *
  /// stride. No base: no partner.
  struct Source {
    const double* base = nullptr;
    core::Index stride = 0;
  };

  core::Range slice(int rank, int number) const;
  std::vector<Segment> segments(int wanting, int owning, int number) const;
  core::Index lines_across() const { return field_.box().extent(1 - axis_); }
  core::Index stride_along() const { return axis_ == 0 ? field_.box().extent(1) * points_ : points_; }
  core::Index stride_across() const { return axis_ == 0 ? points_ : field_.box().extent(1) * points_; }
  void exchange(int component, int number, Buffers& buffers) const;
  std::vector<Source> sources(int component, int number, const std::vector<double>& received, bool own) const;
  void visit_lines(int component, Buffers& buffers, const Visitor& visit, bool own) const;

  const core::RealField& field_;
  const core::Communicator& communicator_;
  int axis_;
  core::Index shift_;
  core::Index points_; ///< of a line
  int slices_;
};

} // namespace cascade::analysis
