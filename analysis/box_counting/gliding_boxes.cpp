#include "analysis/box_counting/gliding_boxes.hpp"

#include "analysis/box_counting/boxes_along.hpp"
#include "analysis/sums/grid_blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

namespace cascade::analysis {
namespace {

using core::Domain;
using core::Index;
using core::Range;

constexpr Index lattice = 34, lattice_step = 21; // neighbours in Fibonacci's series: evenly spread in the plane

Index shortest_axis_points(const Domain& domain) {
  Index shortest = domain.points(2);
  for (int axis = domain.first_axis(); axis < 2; ++axis)
    shortest = std::min(shortest, domain.points(axis));
  return shortest;
}

bool is_empty(const BitRow& row) {
  return std::all_of(row.begin(), row.end(), [](std::uint64_t bits) { return bits == 0; });
}

/// Every box of one grid along axes 0 and 1: rows of bits, boxes of axis 2 not cut yet.
struct BoxKey {
  Index origin, box0, box1;
  bool operator<(const BoxKey& other) const {
    return std::tie(origin, box0, box1) < std::tie(other.origin, other.box0, other.box1);
  }
};

/// Counts the boxes of one side.
class SideCount {
public:
  SideCount(const SetBits& set, const core::Communicator& communicator, const GridBlocks& blocks, const Reach& reach,
            Index side, std::span<std::int64_t> sums)
      : set_(set), reach_(reach), domain_(set.decomposition().domain()), communicator_(communicator), blocks_(blocks),
        side_(side), origins_(box_origins(domain_, side)), sums_(sums) {}

  std::size_t origins() const { return origins_.size(); }

  void run() {
    for (std::size_t origin = 0; origin < origins_.size(); ++origin)
      gather_rows(static_cast<Index>(origin));
    if (communicator_.size() > 1)
      exchange();
    for (const auto& [key, row] : shared_)
      add(key, row);
  }

private:
  BoxesAlong along(int axis, Index origin) const {
    return {domain_, reach_, axis, side_, origins_[static_cast<std::size_t>(origin)][static_cast<std::size_t>(axis)]};
  }

  /// The union of the lines of every box that this rank has lines of; whole ones are counted, parts kept.
  void gather_rows(Index origin) {
    const core::Box& box = set_.box();
    if (box.empty())
      return;
    const BoxesAlong first = along(0, origin), second = along(1, origin);
    std::vector<Index> boxes;          // along axis 1, of this rank's lines, each once
    std::vector<std::size_t> row_of;   // in `rows`, of the line at j
    std::map<Index, std::size_t> seen; // a period's first and last lines may be of one box
    constexpr auto nowhere = static_cast<std::size_t>(-1);
    for (Index j = box.begin[1]; j < box.end[1]; ++j) {
      const Index box1 = second.containing(j);
      if (box1 >= 0 && seen.emplace(box1, boxes.size()).second)
        boxes.push_back(box1);
      row_of.push_back(box1 < 0 ? nowhere : seen[box1]);
    }
    const std::size_t words = set_.words();
    std::vector<BitRow> rows(boxes.size(), BitRow(words, 0)); // of one box along axis 0
    for (Index i = box.begin[0]; i < box.end[0];) {
      const Index box0 = first.containing(i);
      if (box0 < 0) {
        ++i;
        continue;
      }
      for (; i < box.end[0] && first.containing(i) == box0; ++i)
        for (std::size_t j = 0; j < row_of.size(); ++j)
          if (row_of[j] != nowhere) {
            const auto line = set_.row(i - box.begin[0], static_cast<Index>(j));
            std::uint64_t* row = rows[row_of[j]].data();
            for (std::size_t w = 0; w < words; ++w)
              row[w] |= line[w];
          }
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const BoxKey key{origin, box0, boxes[r]};
        if (first.inside(box0, box.begin[0], box.end[0]) && second.inside(boxes[r], box.begin[1], box.end[1]))
          add(key, rows[r]);
        else
          keep(key, rows[r]);
        std::fill(rows[r].begin(), rows[r].end(), 0);
      }
    }
  }

  void keep(const BoxKey& key, const BitRow& row) {
    if (is_empty(row))
      return;
    BitRow& kept = shared_[key];
    kept.resize(row.size());
    for (std::size_t w = 0; w < row.size(); ++w)
      kept[w] |= row[w];
  }

  int owner(const BoxKey& key) const {
    return set_.decomposition().line_owner(along(0, key.origin).first(key.box0), along(1, key.origin).first(key.box1));
  }

  /// Kept rows go to their owners: key and bits, one after the other.
  void exchange() {
    const auto ranks = static_cast<std::size_t>(communicator_.size());
    const std::size_t words = 3 + set_.words();
    std::vector<BitRow> to(ranks);
    std::map<BoxKey, BitRow> own;
    for (auto& [key, row] : shared_) {
      const int rank = owner(key);
      if (rank == communicator_.rank()) {
        own.emplace(key, std::move(row));
        continue;
      }
      BitRow& message = to[static_cast<std::size_t>(rank)];
      for (const Index number : {key.origin, key.box0, key.box1})
        message.push_back(static_cast<std::uint64_t>(number));
      message.insert(message.end(), row.begin(), row.end());
    }
    shared_ = std::move(own);
    BitRow send;
    std::vector<std::int64_t> bytes, one(ranks, sizeof(std::int64_t)), coming(ranks);
    for (const BitRow& message : to) {
      send.insert(send.end(), message.begin(), message.end());
      bytes.push_back(static_cast<std::int64_t>(message.size() * sizeof(std::uint64_t)));
    }
    communicator_.all_to_all(std::as_bytes(std::span<const std::int64_t>(bytes)), one,
                             std::as_writable_bytes(std::span(coming)), one);
    std::int64_t total = 0;
    for (const std::int64_t count : coming)
      total += count;
    BitRow received(static_cast<std::size_t>(total) / sizeof(std::uint64_t));
    communicator_.all_to_all(std::as_bytes(std::span<const std::uint64_t>(send)), bytes,
                             std::as_writable_bytes(std::span(received)), coming);
    for (std::size_t at = 0; at < received.size(); at += words) {
      const auto number = [&](std::size_t k) { return static_cast<Index>(received[at + k]); };
      keep({number(0), number(1), number(2)}, BitRow(received.begin() + static_cast<std::ptrdiff_t>(at + 3),
                                                     received.begin() + static_cast<std::ptrdiff_t>(at + words)));
    }
  }

  /// Adds the boxes of one row, from every origin along axis 2, each times its points inside.
  void add(const BoxKey& key, const BitRow& row) {
    if (is_empty(row))
      return;
    const BoxesAlong first = along(0, key.origin), second = along(1, key.origin);
    const Index n = domain_.points(2);
    const bool periodic = domain_.periodic(2);
    const Index across = first.counted(key.box0) * second.counted(key.box1);
    const int a = blocks_.containing(0, first.middle(key.box0)), b = blocks_.containing(1, second.middle(key.box1));
    windows_that_meet(row, n, side_, periodic, windows_);
    // Window p has its middle at p + ahead.
    const Index ahead = periodic ? side_ / 2 : side_ / 2 - (side_ - 1), last = periodic ? n : n + side_ - 1;
    for (int k = 0; k < blocks_.per_side(2); ++k) {
      const Range block = blocks_.along(2, k);
      std::int64_t sum = 0;
      if (periodic) { // a block's windows may begin before the first point
        const Index begin = block.begin - ahead, end = block.end - ahead;
        sum = side_ * (count_bits(windows_, std::max<Index>(begin, 0), std::max<Index>(end, 0)) +
                       count_bits(windows_, std::min<Index>(begin, 0) + n, std::min<Index>(end, 0) + n));
      } else {
        const Index begin = k == 0 ? 0 : std::clamp<Index>(block.begin - ahead, 0, last);
        const Index end = k + 1 == blocks_.per_side(2) ? last : std::clamp<Index>(block.end - ahead, 0, last);
        sum = counted_points(begin, end, last);
      }
      sums_[static_cast<std::size_t>(blocks_.number(a, b, k))] += across * sum;
    }
  }

  /// What the windows [begin, end) that meet the set count for: p + 1 points of the first ones, down to 1 at the end,
  /// or all where the set ends before.
  std::int64_t counted_points(Index begin, Index end, Index last) const {
    const Index whole_begin = std::clamp(side_ - 1, begin, end), whole_end = std::clamp(last - side_ + 1, begin, end);
    std::int64_t sum = 0;
    const auto cut = [&](Index from, Index to) {
      for (Index p = from; p < to; ++p)
        if ((windows_[static_cast<std::size_t>(p / 64)] >> (p % 64) & 1U) != 0)
          sum += std::min(reach_.first[2] ? p + 1 : side_, reach_.last[2] ? std::min(last - p, side_) : side_);
    };
    if (whole_begin >= whole_end) { // no window of these is whole
      cut(begin, end);
      return sum;
    }
    cut(begin, whole_begin);
    cut(whole_end, end);
    return sum + side_ * count_bits(windows_, whole_begin, whole_end);
  }

  const SetBits& set_;
  const Reach& reach_;
  const Domain& domain_;
  const core::Communicator& communicator_;
  const GridBlocks& blocks_;
  Index side_;
  std::vector<std::array<Index, 2>> origins_;
  std::span<std::int64_t> sums_;
  std::map<BoxKey, BitRow> shared_;
  BitRow windows_;
};

/// What a sum of points inside is to be multiplied by: boxes, mean over origins.
double boxes_per_point(const Domain& domain, Index side, std::size_t origins) {
  const auto s = static_cast<double>(side);
  double factor = 1 / (s * static_cast<double>(origins)); // all origins along axis 2
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    factor /= s;
  for (int axis = domain.first_axis(); axis < 2; ++axis)
    if (domain.periodic(axis))
      factor *= static_cast<double>(domain.points(axis)) / s / static_cast<double>(domain.points(axis) / side);
  return factor;
}

} // namespace

std::vector<Index> box_sides(Index longest) {
  std::vector<Index> sides;
  constexpr int an_octave = 4;
  for (int k = 0;; ++k) {
    const auto side = static_cast<Index>(std::llround(std::exp2(static_cast<double>(k) / an_octave)));
    if (side > longest)
      return sides;
    if (sides.empty() || side > sides.back())
      sides.push_back(side);
  }
}

std::vector<std::array<Index, 2>> box_origins(const Domain& domain, Index side) {
  std::array<Index, 2> range{1, 1};
  for (int axis = domain.first_axis(); axis < 2; ++axis)
    range[static_cast<std::size_t>(axis)] = domain.periodic(axis) && domain.points(axis) % side != 0
                                                ? domain.points(axis)
                                                : side; // beyond, the same boxes come again
  std::vector<std::array<Index, 2>> origins;
  if (range[0] * range[1] <= lattice) {
    for (Index i = 0; i < range[0]; ++i)
      for (Index j = 0; j < range[1]; ++j)
        origins.push_back({i, j});
    return origins;
  }
  for (Index k = 0; k < lattice; ++k) {
    const Index along = range[0] > 1 ? k * lattice_step % lattice : k; // one axis: evenly spaced
    origins.push_back({k * range[0] / lattice, along * range[1] / lattice});
  }
  return origins;
}

BlockTable count_boxes_anywhere(const SetBits& set, const core::Communicator& communicator) {
  const Domain& domain = set.decomposition().domain();
  const GridBlocks blocks(domain);
  const Reach reach = reach_of(set, communicator);
  const auto count = static_cast<std::size_t>(blocks.count());
  const std::vector<Index> sides = box_sides(shortest_axis_points(domain));
  double spacing = 1;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    spacing *= domain.spacing(axis);
  spacing = domain.cube() ? domain.spacing() : std::pow(spacing, 1.0 / domain.dimensions());
  std::vector<std::int64_t> sums(sides.size() * count, 0);
  std::vector<double> factors;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    SideCount side(set, communicator, blocks, reach, sides[i], std::span(sums).subspan(i * count, count));
    side.run();
    factors.push_back(boxes_per_point(domain, sides[i], side.origins()));
  }
  communicator.sum(std::span<std::int64_t>(sums));
  BlockTable table;
  table.weight.assign(count, std::vector<double>(sides.size(), 1.0 / static_cast<double>(count)));
  table.sum.assign(count, std::vector<double>(sides.size()));
  for (std::size_t i = 0; i < sides.size(); ++i) {
    table.x.push_back(static_cast<double>(sides[i]) * spacing);
    std::int64_t all = 0;
    for (std::size_t b = 0; b < count; ++b) {
      all += sums[i * count + b];
      table.sum[b][i] = static_cast<double>(sums[i * count + b]) * factors[i];
    }
    table.count.push_back(static_cast<double>(all) * factors[i]);
  }
  return table;
}

core::MemoryParts boxes_anywhere_memory(const core::Decomposition& decomposition) {
  // Rows of one box along axis 0; and, shared with other ranks, those of the smallest boxes along the borders of a
  // rank's lines, of every origin, kept, sent and received.
  const Domain& domain = decomposition.domain();
  const auto row = static_cast<double>(words_of(domain.points(2)) * sizeof(std::uint64_t));
  double across = 0, borders = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    const core::Box box = decomposition.real_box(rank);
    const auto i = static_cast<double>(box.extent(0)), j = static_cast<double>(box.extent(1));
    across = std::max(across, j);
    constexpr double smallest = 2, ends = 2;
    double shared = 0;
    if (box.extent(0) < domain.points(0))
      shared += ends * j / smallest;
    if (box.extent(1) < domain.points(1))
      shared += ends * i / smallest;
    borders = std::max(borders, shared);
  }
  constexpr double copies = 3;
  return {{"rows of boxes", across * row}, {"boxes of several ranks", copies * lattice * borders * row}};
}

} // namespace cascade::analysis
