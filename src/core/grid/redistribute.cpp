#include "core/grid/redistribute.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace cascade::core {
namespace {

/// A run of consecutive points of a line, and the rank it goes to.
struct Piece {
  int rank;
  Index first;
  Index count;
};

// Lines are sent in this many rounds, so that message buffers stay small beside the field.
constexpr Index rounds = 16;

Index line_count(const Box& box) {
  return box.empty() ? 0 : box.extent(0) * box.extent(1); // a box may be empty along its lines
}

/// Calls visit(i, j, local number) for the lines of a box that belong to a round.
template <class Visit>
void for_each_line(const Box& box, Index round, Visit visit) {
  const Range part = split_range(line_count(box), rounds, round);
  for (Index line = part.begin; line < part.end; ++line)
    visit(box.begin[0] + line / box.extent(1), box.begin[1] + line % box.extent(1), line);
}

/// Moves a position on and returns where it was.
template <class Position>
Position advance(Position& position, Index count) {
  return std::exchange(position, position + count);
}

/// Sends pieces of this rank's lines where `route` says and hands every piece to `sink` at its destination, in any
/// order:
///   route.each(i, j, emit) emits the pieces of line (i, j); route.piece_for(rank, i, j) is the one that goes to
///   `rank`; sink(i, j, piece, pointer to the piece's first value).
/// Both sides go through the lines of a box in the same order, so messages need no headers.
template <class T, class Route, class Sink>
void exchange_lines(const Decomposition& decomposition, const Communicator& communicator, const T* values,
                    const Route& route, const Sink& sink) {
  const int me = communicator.rank(), ranks = communicator.size();
  const Box mine = decomposition.real_box(me);
  const Index n = mine.extent(2);
  const auto size = static_cast<std::int64_t>(sizeof(T));
  std::vector<std::int64_t> send_counts, receive_counts, cursor;
  std::vector<T> send, receive;
  for (Index round = 0; round < rounds; ++round) {
    send_counts.assign(static_cast<std::size_t>(ranks), 0);
    receive_counts.assign(static_cast<std::size_t>(ranks), 0);
    for_each_line(mine, round, [&](Index i, Index j, Index) {
      route.each(i, j,
                 [&](const Piece& p) { send_counts[static_cast<std::size_t>(p.rank)] += p.rank == me ? 0 : p.count; });
    });
    for (int source = 0; source < ranks; ++source)
      if (source != me)
        for_each_line(decomposition.real_box(source), round, [&](Index i, Index j, Index) {
          receive_counts[static_cast<std::size_t>(source)] += route.piece_for(me, i, j).count;
        });
    cursor.assign(1, 0);
    std::partial_sum(send_counts.begin(), send_counts.end(), std::back_inserter(cursor));
    send.resize(static_cast<std::size_t>(cursor.back()));
    for_each_line(mine, round, [&](Index i, Index j, Index line) {
      route.each(i, j, [&](const Piece& p) {
        const T* from = values + line * n + p.first;
        if (p.rank == me)
          sink(i, j, p, from);
        else
          std::copy_n(from, p.count, send.data() + advance(cursor[static_cast<std::size_t>(p.rank)], p.count));
      });
    });
    receive.resize(static_cast<std::size_t>(std::accumulate(receive_counts.begin(), receive_counts.end(), Index{0})));
    for (auto* counts : {&send_counts, &receive_counts})
      for (auto& count : *counts)
        count *= size;
    communicator.all_to_all(std::as_bytes(std::span(send)), send_counts, std::as_writable_bytes(std::span(receive)),
                            receive_counts);
    const T* next = receive.data();
    for (int source = 0; source < ranks; ++source)
      if (source != me)
        for_each_line(decomposition.real_box(source), round, [&](Index i, Index j, Index) {
          const Piece p = route.piece_for(me, i, j);
          if (p.count > 0)
            sink(i, j, p, advance(next, p.count));
        });
  }
}

Index wrapped(Index i, Index n) {
  return (i % n + n) % n;
}

/// Line (i, j) goes, whole, to the owner of (i - shift0, j - shift1).
struct ShiftRoute {
  const Decomposition& decomposition;
  Index3 shape;
  Index3 shift;
  int ranks;

  std::pair<Index, Index> target(Index i, Index j) const {
    return {wrapped(i - shift[0], shape[0]), wrapped(j - shift[1], shape[1])};
  }
  template <class Emit>
  void each(Index i, Index j, Emit emit) const {
    const auto [a, b] = target(i, j);
    emit(Piece{decomposition.line_owner(a, b), 0, shape[2]});
  }
  Piece piece_for(int rank, Index i, Index j) const {
    const auto [a, b] = target(i, j);
    return {rank, 0, decomposition.line_owner(a, b) == rank ? shape[2] : 0};
  }
};

template <class T>
void shift_values(const Decomposition& decomposition, const Communicator& communicator, Index3 shift, const T* from,
                  T* to) {
  const Domain& domain = decomposition.domain();
  const Index3 shape = domain.shape();
  for (int axis = 0; axis < 3; ++axis)
    if (!domain.periodic(axis) && wrapped(shift[static_cast<std::size_t>(axis)], domain.points(axis)) != 0)
      throw Error(ExitCode::bad_input, fmt::format("a cyclic shift along axis {} is not possible: the box is not "
                                                   "periodic there; use a fixed origin for this field",
                                                   Domain::axis_name(axis)));
  const ShiftRoute route{decomposition, shape, shift, communicator.size()};
  const Box box = decomposition.real_box(communicator.rank());
  const Index turn = wrapped(shift[2], shape[2]);
  exchange_lines(decomposition, communicator, from, route, [&](Index i, Index j, const Piece&, const T* line) {
    const auto [a, b] = route.target(i, j);
    std::rotate_copy(line, line + turn, line + shape[2],
                     to + ((a - box.begin[0]) * box.extent(1) + b - box.begin[1]) * shape[2]);
  });
}

/// Line (i, j), if kept, goes whole to the owner of (i / m_0, j / m_1).
struct DecimationRoute {
  const Decomposition& coarse;
  Index3 stride;
  Index length;

  bool keeps(Index i, Index j) const { return i % stride[0] == 0 && j % stride[1] == 0; }
  int owner(Index i, Index j) const { return coarse.line_owner(i / stride[0], j / stride[1]); }
  template <class Emit>
  void each(Index i, Index j, Emit emit) const {
    if (keeps(i, j))
      emit(Piece{owner(i, j), 0, length});
  }
  Piece piece_for(int rank, Index i, Index j) const {
    return {rank, 0, keeps(i, j) && owner(i, j) == rank ? length : 0};
  }
};

/// Line (i, j) crosses a row of blocks with consecutive numbers, or none of them; each rank gets the points within its
/// range of blocks.
struct BlockRoute {
  const BlockLayout& layout;
  Index3 shape; // of a block
  int ranks;

  bool keeps(Index i, Index j) const { return i < layout.along(0) * shape[0] && j < layout.along(1) * shape[1]; }
  Index first_block(Index i, Index j) const {
    return (i / shape[0] * layout.along(1) + j / shape[1]) * layout.along(2);
  }
  Piece piece_for(int rank, Index i, Index j) const {
    const Range row{first_block(i, j), first_block(i, j) + (keeps(i, j) ? layout.along(2) : 0)};
    const Range owned = layout.owned(ranks, rank);
    const Index begin = std::max(owned.begin, row.begin), end = std::min(owned.end, row.end);
    return {rank, (begin - row.begin) * layout.side(), std::max(end - begin, Index{0}) * layout.side()};
  }
  template <class Emit>
  void each(Index i, Index j, Emit emit) const {
    if (!keeps(i, j))
      return;
    const Index first = first_block(i, j), last = first + layout.along(2) - 1;
    const auto low = static_cast<int>(part_of(layout.blocks(), ranks, first));
    const auto high = static_cast<int>(part_of(layout.blocks(), ranks, last));
    for (int rank = low; rank <= high; ++rank)
      emit(piece_for(rank, i, j));
  }
};

template <class T>
BlockArray<T> gather_blocks(const Decomposition& decomposition, const BlockLayout& layout,
                            const Communicator& communicator, const T* values) {
  if (layout.domain() != decomposition.domain())
    throw Error(ExitCode::internal_failure, "to_blocks: the layout belongs to another domain");
  BlockArray<T> result(layout, communicator.size(), communicator.rank());
  const Index3 b = layout.block_shape();
  const BlockRoute route{layout, b, communicator.size()};
  exchange_lines(decomposition, communicator, values, route, [&](Index i, Index j, const Piece& p, const T* from) {
    const Index row = (i % b[0] * b[1] + j % b[1]) * b[2];
    Index block = route.first_block(i, j) + p.first / b[2] - result.owned().begin;
    for (Index done = 0; done < p.count; done += b[2])
      std::copy_n(from + done, b[2], result.block(block++).data() + row);
  });
  return result;
}

/// Points of the fine grid for one of the coarse one, by axis.
Index3 strides(const Domain& fine, const Domain& coarse) {
  Index3 result{1, 1, 1};
  for (int axis = 0; axis < 3; ++axis) {
    const Index stride = fine.points(axis) / coarse.points(axis);
    if (stride * coarse.points(axis) != fine.points(axis) || fine.dimensions() != coarse.dimensions() ||
        fine.length(axis) != coarse.length(axis) || fine.periodic(axis) != coarse.periodic(axis))
      throw Error(ExitCode::internal_failure, fmt::format("decimate: along axis {} the coarse grid is no part of the "
                                                          "fine one",
                                                          Domain::axis_name(axis)));
    result[static_cast<std::size_t>(axis)] = stride;
  }
  return result;
}

Index side_of_blocks(const Domain& domain, Index blocks_per_side) {
  if (blocks_per_side < 1 || domain.points() % blocks_per_side != 0)
    throw Error(ExitCode::bad_input,
                fmt::format("{} blocks a side do not divide {} points a side", blocks_per_side, domain.points()));
  return domain.points() / blocks_per_side;
}

} // namespace

double message_bytes(const Decomposition& decomposition, std::size_t value_size) {
  constexpr double there_and_back = 2;
  double most = 0;
  for (int rank = 0; rank < decomposition.ranks() && decomposition.ranks() > 1; ++rank) {
    const Box box = decomposition.real_box(rank);
    const Index lines = split_range(line_count(box), rounds, 0).end; // the first round has most
    most = std::max(most, static_cast<double>(lines * box.extent(2)));
  }
  return there_and_back * most * static_cast<double>(value_size);
}

RealField cyclic_shift(const RealField& field, const Communicator& communicator, Index3 shift) {
  RealField result(field.decomposition(), field.rank(), field.components());
  for (int c = 0; c < field.components(); ++c)
    shift_values(field.decomposition(), communicator, shift, field.component(c).data(), result.component(c).data());
  return result;
}

ActiveDepth cyclic_shift(const ActiveDepth& depth, const Decomposition& decomposition, const Communicator& communicator,
                         Index3 shift) {
  ActiveDepth result(depth.size());
  shift_values(decomposition, communicator, shift, depth.data(), result.data());
  return result;
}

RealField decimate(const RealField& fine, const Decomposition& coarse, const Communicator& communicator) {
  const DecimationRoute route{coarse, strides(fine.domain(), coarse.domain()), fine.domain().points(2)};
  RealField result(coarse, fine.rank(), fine.components());
  const Box box = result.box();
  for (int c = 0; c < fine.components(); ++c)
    exchange_lines(fine.decomposition(), communicator, fine.component(c).data(), route,
                   [&](Index i, Index j, const Piece&, const double* line) {
                     const Index a = i / route.stride[0], b = j / route.stride[1];
                     for (double& value : result.line(c, a - box.begin[0], b - box.begin[1])) {
                       value = *line;
                       line += route.stride[2];
                     }
                   });
  return result;
}

BlockLayout::BlockLayout(const Domain& domain, Index blocks_per_side)
    : BlockLayout(domain, side_of_blocks(domain, blocks_per_side),
                  {domain.dimensions() > 2 ? blocks_per_side : 1, domain.dimensions() > 1 ? blocks_per_side : 1,
                   blocks_per_side}) {}

BlockLayout::BlockLayout(const Domain& domain, Index side, Index3 blocks)
    : domain_(domain), side_(side), blocks_(blocks) {
  for (int axis = 0; axis < 3; ++axis)
    if (along(axis) < 1 || side < 1 ||
        along(axis) * block_shape()[static_cast<std::size_t>(axis)] > domain.points(axis))
      throw Error(ExitCode::bad_input, fmt::format("{} blocks of {} points a side do not fit the {} points of axis {}",
                                                   along(axis), side, domain.points(axis), Domain::axis_name(axis)));
}

Index3 BlockLayout::block_shape() const {
  const int d = domain_.dimensions();
  return {d > 2 ? side_ : 1, d > 1 ? side_ : 1, side_};
}

Index BlockLayout::block_points() const {
  const Index3 b = block_shape();
  return b[0] * b[1] * b[2];
}

Range BlockLayout::owned(int ranks, int rank) const {
  return split_range(blocks(), ranks, rank);
}

double BlockLayout::most_points(int ranks) const {
  return static_cast<double>(owned(ranks, 0).end) * static_cast<double>(block_points()); // the first has most
}

Index3 BlockLayout::origin(Index block) const {
  const Index3 b = block_shape();
  return {block / (along(1) * along(2)) * b[0], block / along(2) % along(1) * b[1], block % along(2) * b[2]};
}

BlockField to_blocks(const RealField& field, const BlockLayout& layout, const Communicator& communicator,
                     int component) {
  return gather_blocks(field.decomposition(), layout, communicator, field.component(component).data());
}

BlockDepth to_blocks(const ActiveDepth& depth, const Decomposition& decomposition, const BlockLayout& layout,
                     const Communicator& communicator) {
  return gather_blocks(decomposition, layout, communicator, depth.data());
}

} // namespace cascade::core
