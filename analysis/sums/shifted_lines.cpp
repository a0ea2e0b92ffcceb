#include "analysis/sums/shifted_lines.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace cascade::analysis {
namespace {

constexpr int slices_when_split = 8; // send and receive buffers together: at most a quarter of the rank's field

} // namespace

bool ShiftedLines::is_split(const core::Decomposition& decomposition, int axis) {
  if (axis == 2)
    return false;
  if (decomposition.domain().dimensions() == 3)
    return (axis == 0 ? decomposition.rows() : decomposition.columns()) > 1;
  return axis == 1 && decomposition.ranks() > 1;
}

ShiftedLines::ShiftedLines(const core::RealField& field, const core::Communicator& communicator, int axis,
                           core::Index shift)
    : field_(field), communicator_(communicator), axis_(axis), shift_(shift), points_(field.domain().points(2)),
      slices_(is_split(field.decomposition(), axis) ? slices_when_split : 1) {}

core::Range ShiftedLines::slice(int rank, int number) const {
  return core::split_range(field_.decomposition().real_box(rank).extent(axis_), slices_, number);
}

// The lines rank `wanting` needs for its slice and rank `owning` has. The shifted interval may pass the end of the box
// and, if that is periodic, come back at its beginning, hence the two offsets.
std::vector<ShiftedLines::Segment> ShiftedLines::segments(int wanting, int owning, int number) const {
  const auto axis = static_cast<std::size_t>(axis_);
  const core::Box want = field_.decomposition().real_box(wanting), have = field_.decomposition().real_box(owning);
  std::vector<Segment> result;
  if (want.begin[1 - axis] != have.begin[1 - axis] || want.end[1 - axis] != have.end[1 - axis])
    return result;
  const core::Range part = slice(wanting, number);
  for (const core::Index turns : {0, 1}) {
    if (turns > 0 && !field_.domain().periodic(axis_))
      break;
    // local index at `wanting` -> global index wanted
    const core::Index offset = want.begin[axis] + shift_ - turns * field_.domain().points(axis_);
    const core::Index begin = std::max(part.begin + offset, have.begin[axis]);
    const core::Index end = std::min(part.end + offset, have.end[axis]);
    if (begin < end)
      result.push_back({owning, begin - offset, begin - have.begin[axis], end - begin});
  }
  return result;
}

void ShiftedLines::exchange(int component, int number, Buffers& buffers) const {
  const int ranks = communicator_.size(), me = field_.rank();
  std::vector<std::int64_t> send_counts(static_cast<std::size_t>(ranks), 0), receive_counts = send_counts;
  const core::Index line_block = lines_across() * points_;
  std::vector<Segment> outgoing;
  for (int other = 0; other < ranks; ++other) {
    if (other == me)
      continue;
    for (const Segment& s : segments(me, other, number))
      receive_counts[static_cast<std::size_t>(other)] += s.count * line_block;
    for (const Segment& s : segments(other, me, number)) {
      send_counts[static_cast<std::size_t>(other)] += s.count * line_block;
      outgoing.push_back(s);
    }
  }
  const auto total = [](const std::vector<std::int64_t>& counts) {
    return static_cast<std::size_t>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  };
  const std::size_t sending = total(send_counts), receiving = total(receive_counts);
  if (sending > buffers.send.size()) // and never smaller: growing again would fill them with zeros again
    buffers.send.resize(sending);
  if (receiving > buffers.received.size())
    buffers.received.resize(receiving);
  double* out = buffers.send.data();
  for (const Segment& s : outgoing)
    for (core::Index k = 0; k < s.count; ++k)
      for (core::Index across = 0; across < lines_across(); ++across, out += points_)
        std::memcpy(out, field_.component(component).data() + (s.first + k) * stride_along() + across * stride_across(),
                    static_cast<std::size_t>(points_) * sizeof(double));
  communicator_.all_to_all(std::span<const double>(buffers.send.data(), sending), send_counts,
                           std::span<double>(buffers.received.data(), receiving), receive_counts);
}

std::vector<ShiftedLines::Source> ShiftedLines::sources(int component, int number, const std::vector<double>& received,
                                                        bool own) const {
  const core::Range part = slice(field_.rank(), number);
  std::vector<Source> result(static_cast<std::size_t>(part.end - part.begin));
  const double* next = received.data();
  for (int owner = 0; owner < field_.decomposition().ranks(); ++owner)
    for (const Segment& s : segments(field_.rank(), owner, number))
      for (core::Index k = 0; k < s.count; ++k) {
        Source& source = result[static_cast<std::size_t>(s.target + k - part.begin)];
        if (owner == field_.rank()) {
          if (!own && s.first == s.target + shift_)
            continue;
          source = {field_.component(component).data() + (s.first + k) * stride_along(), stride_across()};
        } else {
          source = {next, points_};
          next += lines_across() * points_;
        }
      }
  return result;
}

double ShiftedLines::message_bytes(const core::Decomposition& decomposition) {
  constexpr double sent_and_received = 2;
  double most = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    const core::Box box = decomposition.real_box(rank);
    for (const int axis : {0, 1})
      if (is_split(decomposition, axis)) {
        const auto a = static_cast<std::size_t>(axis);
        const core::Index slice = core::split_range(box.extent(axis), slices_when_split, 0).end;
        most = std::max(most, static_cast<double>(slice * box.extent(1 - a) * box.extent(2)));
      }
  }
  return sent_and_received * most * sizeof(double);
}

void ShiftedLines::for_each(int component, const Visitor& visit) const {
  Buffers buffers;
  visit_lines(component, buffers, visit, true);
}

void ShiftedLines::for_each_elsewhere(int component, Buffers& buffers, const Visitor& visit) const {
  visit_lines(component, buffers, visit, false);
}

void ShiftedLines::visit_lines(int component, Buffers& buffers, const Visitor& visit, bool own) const {
  const auto length = static_cast<std::size_t>(points_);
  for (int number = 0; number < slices_; ++number) {
    if (slices_ > 1)
      exchange(component, number, buffers);
    const std::vector<Source> there = sources(component, number, buffers.received, own);
    const core::Range part = slice(field_.rank(), number);
    for (core::Index along = part.begin; along < part.end; ++along) {
      const Source& source = there[static_cast<std::size_t>(along - part.begin)];
      if (source.base == nullptr)
        continue;
      for (core::Index across = 0; across < lines_across(); ++across) {
        const core::Index i = axis_ == 0 ? along : across, j = axis_ == 0 ? across : along;
        visit(i, j, field_.line(component, i, j), {source.base + across * source.stride, length});
      }
    }
  }
}

} // namespace cascade::analysis
