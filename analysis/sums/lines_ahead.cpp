#include "analysis/sums/lines_ahead.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace cascade::analysis {
namespace {

using core::Index;

constexpr Index of_a_field = 32; // sent and received together: a sixteenth of the field

std::size_t at(int axis) {
  return static_cast<std::size_t>(axis);
}

bool same_plane(const core::Box& a, const core::Box& b, int axis) {
  return a.begin[at(1 - axis)] == b.begin[at(1 - axis)] && a.end[at(1 - axis)] == b.end[at(1 - axis)];
}

} // namespace

Index LinesAhead::wanted(const core::Decomposition& decomposition, int axis, Index reach, int rank) {
  const core::Box box = decomposition.real_box(rank);
  if (box.empty())
    return 0;
  const core::Domain& domain = decomposition.domain();
  const Index n = domain.points(axis);
  return std::min(reach, domain.periodic(axis) ? n - box.extent(axis) : n - box.end[at(axis)]);
}

LinesAhead::Shape LinesAhead::shape_of(const core::Decomposition& decomposition, int axis, Index reach) {
  Shape shape{0, 1};
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    const core::Box box = decomposition.real_box(rank);
    if (box.empty())
      continue;
    const Index lines = wanted(decomposition, axis, reach, rank), across = box.extent(1 - axis);
    shape.most_lines = std::max(shape.most_lines, lines);
    shape.groups =
        std::max(shape.groups, std::min(across, (of_a_field * lines + box.extent(axis) - 1) / box.extent(axis)));
  }
  return shape;
}

LinesAhead::LinesAhead(const core::RealField& field, const core::Communicator& communicator, int axis, Index reach)
    : field_(field), communicator_(communicator), axis_(axis),
      groups_(static_cast<int>(shape_of(field.decomposition(), axis, reach).groups)), reach_(reach) {}

core::Range LinesAhead::planes(int rank, int group) const {
  return core::split_range(field_.decomposition().real_box(rank).extent(1 - axis_), groups_, group);
}

std::vector<LinesAhead::Segment> LinesAhead::segments(int wanting, int owning) const {
  const core::Decomposition& decomposition = field_.decomposition();
  const core::Box want = decomposition.real_box(wanting), have = decomposition.real_box(owning);
  std::vector<Segment> result;
  if (wanting == owning || want.empty() || have.empty() || !same_plane(want, have, axis_))
    return result;
  const Index first = want.end[at(axis_)], count = wanted(decomposition, axis_, reach_, wanting);
  for (const Index turn : {Index{0}, field_.domain().points(axis_)}) {
    const Index begin = std::max(first, have.begin[at(axis_)] + turn),
                end = std::min(first + count, have.end[at(axis_)] + turn);
    if (begin < end)
      result.push_back({begin - first, begin - turn - have.begin[at(axis_)], end - begin});
  }
  return result;
}

core::Range LinesAhead::fetch(int component, int group) {
  const int ranks = communicator_.size(), me = field_.rank();
  const Index points = field_.domain().points(2);
  component_ = component;
  here_ = planes(me, group);
  where_.assign(static_cast<std::size_t>(reach_), -1);
  std::vector<std::int64_t> sending(static_cast<std::size_t>(ranks), 0), receiving = sending;
  Index lines = 0;
  for (int other = 0; other < ranks; ++other) {
    for (const Segment& s : segments(me, other)) {
      for (Index k = 0; k < s.count; ++k)
        where_[static_cast<std::size_t>(s.place + k)] = lines++;
      receiving[static_cast<std::size_t>(other)] += s.count * (here_.end - here_.begin) * points;
    }
    const core::Range theirs = planes(other, group);
    for (const Segment& s : segments(other, me))
      sending[static_cast<std::size_t>(other)] += s.count * (theirs.end - theirs.begin) * points;
  }
  const auto total = [](const std::vector<std::int64_t>& counts) {
    return static_cast<std::size_t>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  };
  sent_.resize(std::max(sent_.size(), total(sending)));
  received_.resize(std::max(received_.size(), total(receiving)));
  double* out = sent_.data();
  for (int other = 0; other < ranks; ++other)
    for (const Segment& s : segments(other, me))
      for (Index k = s.first; k < s.first + s.count; ++k)
        for (Index across = here_.begin; across < here_.end; ++across, out += points) {
          const std::span<const double> own =
              axis_ == 0 ? field_.line(component, k, across) : field_.line(component, across, k);
          std::memcpy(out, own.data(), own.size_bytes());
        }
  communicator_.all_to_all(std::span<const double>(sent_.data(), total(sending)), sending,
                           std::span<double>(received_.data(), total(receiving)), receiving);
  return here_;
}

const double* LinesAhead::line(Index along, Index across) const {
  const Index extent = field_.box().extent(axis_);
  if (along >= extent) {
    const Index received = where_[static_cast<std::size_t>(along - extent)], points = field_.domain().points(2);
    if (received >= 0)
      return received_.data() + (received * (here_.end - here_.begin) + across - here_.begin) * points;
    if (!field_.domain().periodic(axis_))
      return nullptr;
    along -= field_.domain().points(axis_); // round the end, and in this rank's box again
  }
  return (axis_ == 0 ? field_.line(component_, along, across) : field_.line(component_, across, along)).data();
}

double LinesAhead::message_bytes(const core::Decomposition& decomposition, Index reach) {
  constexpr double sent_and_received = 2;
  double most = 0;
  for (const int axis : {0, 1}) {
    const Shape shape = shape_of(decomposition, axis, reach);
    for (int rank = 0; rank < decomposition.ranks(); ++rank) {
      const core::Range planes =
          core::split_range(decomposition.real_box(rank).extent(1 - axis), static_cast<int>(shape.groups), 0);
      most = std::max(
          most, static_cast<double>(shape.most_lines * (planes.end - planes.begin) * decomposition.domain().points(2)));
    }
  }
  return sent_and_received * most * sizeof(double);
}

} // namespace cascade::analysis
