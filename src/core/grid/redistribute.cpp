#include "core/grid/redistribute.hpp"

#include "core/talk/errors.hpp"

#include <algorithm>
#include <numeric>
#include <string>
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
  const Index3 shape = decomposition.domain().shape();
  const ShiftRoute route{decomposition, shape, shift, communicator.size()};
  const Box box = decomposition.real_box(communicator.rank());
  const Index turn = wrapped(shift[2], shape[2]);
  exchange_lines(decomposition, communicator, from, route, [&](Index i, Index j, const Piece&, const T* line) {
    const auto [a, b] = route.target(i, j);
    std::rotate_copy(line, line + turn, line + shape[2],
                     to + ((a - box.begin[0]) * box.extent(1) + b - box.begin[1]) * shape[2]);
  });
}

/// Line (i, j), if kept, goes whole to the owner of (i/m, j/m).
struct DecimationRoute {
  const Decomposition& coarse;
  Index stride;
  Index length;

  bool keeps(Index i, Index j) const { return i % stride == 0 && j % stride == 0; }
  template <class Emit>
  void each(Index i, Index j, Emit emit) const {
    if (keeps(i, j))
      emit(Piece{coarse.line_owner(i / stride, j / stride), 0, length});
  }
  Piece piece_for(int rank, Index i, Index j) const {
    return {rank, 0, keeps(i, j) && coarse.line_owner(i / stride, j / stride) == rank ? length : 0};
  }
};

/// Line (i, j) crosses a row of B blocks with consecutive numbers; each rank gets the points within its range of
/// blocks.
struct BlockRoute {
  const BlockLayout& layout;
  int ranks;

  Index first_block(Index i, Index j) const {
    const Index3 b = layout.block_shape();
    const Index per_side = layout.blocks_per_side();
    const Index across = layout.domain().dimensions() > 1 ? per_side : 1;
    return (i / b[0] * across + j / b[1]) * per_side;
  }
  Piece piece_for(int rank, Index i, Index j) const {
    const Index first = first_block(i, j);
    const Range owned = layout.owned(ranks, rank);
    const Index begin = std::max(owned.begin, first), end = std::min(owned.end, first + layout.blocks_per_side());
    return {rank, (begin - first) * layout.side(), std::max(end - begin, Index{0}) * layout.side()};
  }
  template <class Emit>
  void each(Index i, Index j, Emit emit) const {
    const Index first = first_block(i, j), last = first + layout.blocks_per_side() - 1;
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
  const BlockRoute route{layout, communicator.size()};
  const Index3 b = layout.block_shape();
  exchange_lines(decomposition, communicator, values, route, [&](Index i, Index j, const Piece& p, const T* from) {
    const Index row = (i % b[0] * b[1] + j % b[1]) * b[2];
    Index block = route.first_block(i, j) + p.first / b[2] - result.owned().begin;
    for (Index done = 0; done < p.count; done += b[2])
      std::copy_n(from + done, b[2], result.block(block++).data() + row);
  });
  return result;
}

} // namespace

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
  const Index length = fine.domain().points(), stride = length / coarse.domain().points();
  if (stride * coarse.domain().points() != length || coarse.domain().dimensions() != fine.domain().dimensions())
    throw Error(ExitCode::internal_failure, "decimate: the coarse grid is no part of the fine one");
  RealField result(coarse, fine.rank(), fine.components());
  const DecimationRoute route{coarse, stride, length};
  const Box box = result.box();
  for (int c = 0; c < fine.components(); ++c)
    exchange_lines(fine.decomposition(), communicator, fine.component(c).data(), route,
                   [&](Index i, Index j, const Piece&, const double* line) {
                     for (double& value : result.line(c, i / stride - box.begin[0], j / stride - box.begin[1])) {
                       value = *line;
                       line += stride;
                     }
                   });
  return result;
}

BlockLayout::BlockLayout(const Domain& domain, Index blocks_per_side) : domain_(domain), per_side_(blocks_per_side) {
  if (blocks_per_side < 1 || domain.points() % blocks_per_side != 0)
    throw Error(ExitCode::bad_input, std::to_string(blocks_per_side) + " blocks a side do not divide " +
                                         std::to_string(domain.points()) + " points a side");
}

Index3 BlockLayout::block_shape() const {
  const int d = domain_.dimensions();
  return {d > 2 ? side() : 1, d > 1 ? side() : 1, side()};
}

Index BlockLayout::block_points() const {
  const Index3 b = block_shape();
  return b[0] * b[1] * b[2];
}

Index BlockLayout::blocks() const {
  return domain_.total_points() / block_points();
}

Range BlockLayout::owned(int ranks, int rank) const {
  return split_range(blocks(), ranks, rank);
}

Index3 BlockLayout::origin(Index block) const {
  const Index3 b = block_shape();
  const Index per_row = per_side_, per_plane = domain_.dimensions() > 1 ? per_side_ : 1;
  return {block / (per_row * per_plane) * b[0], block / per_row % per_plane * b[1], block % per_row * b[2]};
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
