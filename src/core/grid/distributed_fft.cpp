#include "core/grid/distributed_fft.hpp"

#include "core/grid/line_fft.hpp"
#include "core/talk/errors.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cascade::core {
namespace {

using Counts = std::vector<std::int64_t>;

// 2-D fields are one plane whose lines are shared by all ranks: a process grid of a single row.
int plane_rows(const Decomposition& d) {
  return d.domain().dimensions() == 3 ? d.rows() : 1;
}
int plane_columns(const Decomposition& d) {
  return d.domain().dimensions() == 3 ? d.columns() : (d.domain().dimensions() == 2 ? d.ranks() : 1);
}

// What a rank holds at each stage (extents), and what its partners hold. Stages, each a full transform along one axis:
//   real [l0][l1][n] -> planes [l0][n][m2] (axis 2 shared among the columns) -> spectral [n][m1][m2] (axis 1 among
//   rows).
struct Geometry {
  int rows, columns;
  Index n0, n1, n, modes;                                    // whole extents, n of axis 2; modes = n/2 + 1
  Index l0, l1, m1, m2;                                      // this rank's
  std::vector<Range> planes, lines, first_modes, last_modes; // the split of axis 0, 1 (real) and 1, 2 (spectral)

  Geometry(const Decomposition& d, int rank)
      : rows(plane_rows(d)), columns(plane_columns(d)), n0(d.domain().shape()[0]), n1(d.domain().shape()[1]),
        n(d.domain().shape()[2]), modes(d.domain().spectral_shape()[2]) {
    for (int r = 0; r < rows; ++r) {
      planes.push_back(split_range(n0, rows, r));
      first_modes.push_back(split_range(n1, rows, r));
    }
    for (int c = 0; c < columns; ++c) {
      lines.push_back(split_range(n1, columns, c));
      last_modes.push_back(split_range(modes, columns, c));
    }
    const Box real = d.real_box(rank), spectral = d.spectral_box(rank);
    l0 = real.extent(0);
    l1 = real.extent(1);
    m1 = spectral.extent(1);
    m2 = spectral.extent(2);
  }

  // Buffers, in complex numbers. Before the second exchange the spectral field itself is free and lends its space,
  // where that suffices.
  Index work_size() const { return rows > 1 ? l0 * n1 * m2 : 0; }
  Index plane_size() const { return rows > 1 ? n1 * m2 : 0; }
  Index line_size() const { return columns > 1 ? modes : 0; } // of one line on its way to or from a message
  Index message_size() const { return columns > 1 ? l1 * modes : 0; }
  bool borrow() const { return rows > 1 && plane_size() + message_size() <= n0 * m1 * m2; }
  Index scratch_size() const { return borrow() ? 0 : plane_size() + message_size(); }
};

Index extent(const Range& range) {
  return range.end - range.begin;
}

// Doubles exchanged with each partner when `fixed` complex numbers go with every index of its range.
Counts counts_of(const std::vector<Range>& ranges, Index fixed) {
  Counts counts;
  for (const Range& range : ranges)
    counts.push_back(2 * extent(range) * fixed);
  return counts;
}

std::span<const double> reals(const Complex* p, Index count) {
  return {reinterpret_cast<const double*>(p), static_cast<std::size_t>(2 * count)};
}
std::span<double> reals(Complex* p, Index count) {
  return {reinterpret_cast<double*>(p), static_cast<std::size_t>(2 * count)};
}

std::vector<Complex*> spaced_rows(Complex* base, Index count, Index pitch) {
  std::vector<Complex*> result(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i)
    result[static_cast<std::size_t>(i)] = base + i * pitch;
  return result;
}

} // namespace

struct DistributedFft::Impl {
  Decomposition decomposition;
  Geometry g;
  bool active; // 1-D fields live on rank 0 alone
  Communicator across_columns, across_rows;
  RealLineFft line;
  LineFft axis0, axis1;
  AlignedBuffer work;    // the field between the two exchanges, in message order
  AlignedBuffer scratch; // plane and message, when they cannot be borrowed
  AlignedBuffer one_line;

  Impl(const Decomposition& d, const Communicator& communicator)
      : decomposition(d), g(d, communicator.rank()), active(d.domain().dimensions() > 1 || communicator.rank() == 0),
        across_columns(communicator.split(communicator.rank() / g.columns, communicator.rank())),
        across_rows(communicator.split(communicator.rank() % g.columns, communicator.rank())), line(g.n), axis0(g.n0),
        axis1(g.n1), work(2 * g.work_size()), scratch(2 * g.scratch_size()), one_line(2 * g.line_size()) {}

  /// Space for one plane [n1][m2] of this rank: in place when there is no second exchange.
  Complex* plane(Complex* spectral, Index i0) {
    if (g.rows == 1)
      return spectral + i0 * g.n1 * g.m2;
    return g.borrow() ? spectral : reinterpret_cast<Complex*>(scratch.data());
  }
  Complex* message(Complex* spectral) {
    return (g.borrow() ? spectral : reinterpret_cast<Complex*>(scratch.data())) + g.plane_size();
  }

  /// Rows (index k1) of plane i0 where they wait for, or come from, the exchange along axis 0.
  std::vector<Complex*> outer_rows(Complex* spectral, Index i0) {
    if (g.rows == 1)
      return spaced_rows(plane(spectral, i0), g.n1, g.m2);
    std::vector<Complex*> result(static_cast<std::size_t>(g.n1));
    auto* base = reinterpret_cast<Complex*>(work.data());
    for (const Range& range : g.first_modes) {
      for (Index k = range.begin; k < range.end; ++k)
        result[static_cast<std::size_t>(k)] = base + (i0 * extent(range) + k - range.begin) * g.m2;
      base += g.l0 * extent(range) * g.m2;
    }
    return result;
  }

  /// Copies between a line of modes and its pieces in the message to or from each column.
  template <class Copy>
  void for_each_piece(Complex* packed, Index i1, Copy copy) const {
    for (const Range& range : g.last_modes) {
      copy(packed + i1 * extent(range), range.begin, extent(range));
      packed += g.l1 * extent(range);
    }
  }

  void plane_to_modes(const double* real, Complex* spectral, Index i0) {
    Complex* target = plane(spectral, i0);
    if (g.columns == 1) {
      for (Index i1 = 0; i1 < g.l1; ++i1)
        line.forward(real + i1 * g.n, target + i1 * g.modes);
      return;
    }
    auto* modes = reinterpret_cast<Complex*>(one_line.data());
    Complex* packed = message(spectral);
    for (Index i1 = 0; i1 < g.l1; ++i1) {
      line.forward(real + i1 * g.n, modes);
      for_each_piece(packed, i1, [&](Complex* piece, Index k, Index count) { std::copy_n(modes + k, count, piece); });
    }
    across_columns.all_to_all(reals(packed, g.message_size()), counts_of(g.last_modes, g.l1),
                              reals(target, g.n1 * g.m2), counts_of(g.lines, g.m2));
  }

  void modes_to_plane(Complex* spectral, double* real, Index i0, double scale) {
    const Complex* source = plane(spectral, i0);
    if (g.columns == 1) {
      for (Index i1 = 0; i1 < g.l1; ++i1)
        line.backward(source + i1 * g.modes, real + i1 * g.n, scale);
      return;
    }
    auto* modes = reinterpret_cast<Complex*>(one_line.data());
    Complex* packed = message(spectral);
    across_columns.all_to_all(reals(source, g.n1 * g.m2), counts_of(g.lines, g.m2), reals(packed, g.message_size()),
                              counts_of(g.last_modes, g.l1));
    for (Index i1 = 0; i1 < g.l1; ++i1) {
      for_each_piece(packed, i1, [&](Complex* piece, Index k, Index count) { std::copy_n(piece, count, modes + k); });
      line.backward(modes, real + i1 * g.n, scale);
    }
  }

  void transform_axis0(Direction direction, Complex* spectral) {
    if (g.n0 == 1)
      return;
    const auto rows = spaced_rows(spectral, g.n0, g.m1 * g.m2);
    axis0.transform(direction, rows, rows, g.m1 * g.m2);
  }

  void forward(const double* real, Complex* spectral) {
    for (Index i0 = 0; i0 < g.l0; ++i0) {
      plane_to_modes(real + i0 * g.l1 * g.n, spectral, i0);
      if (g.n1 > 1 || g.rows > 1)
        axis1.transform(Direction::forward, spaced_rows(plane(spectral, i0), g.n1, g.m2), outer_rows(spectral, i0),
                        g.m2);
    }
    if (g.rows > 1) // what arrives, in rank order, is the spectral field as it lies in memory
      across_rows.all_to_all(reals(reinterpret_cast<Complex*>(work.data()), g.l0 * g.n1 * g.m2),
                             counts_of(g.first_modes, g.l0 * g.m2), reals(spectral, g.n0 * g.m1 * g.m2),
                             counts_of(g.planes, g.m1 * g.m2));
    transform_axis0(Direction::forward, spectral);
  }

  void backward(Complex* spectral, double* real) {
    transform_axis0(Direction::backward, spectral);
    if (g.rows > 1)
      across_rows.all_to_all(reals(spectral, g.n0 * g.m1 * g.m2), counts_of(g.planes, g.m1 * g.m2),
                             reals(reinterpret_cast<Complex*>(work.data()), g.l0 * g.n1 * g.m2),
                             counts_of(g.first_modes, g.l0 * g.m2));
    const double scale = 1.0 / static_cast<double>(decomposition.domain().total_points());
    for (Index i0 = 0; i0 < g.l0; ++i0) {
      if (g.n1 > 1 || g.rows > 1)
        axis1.transform(Direction::backward, outer_rows(spectral, i0), spaced_rows(plane(spectral, i0), g.n1, g.m2),
                        g.m2);
      modes_to_plane(spectral, real + i0 * g.l1 * g.n, i0, scale);
    }
  }

  void check(const Decomposition& real, int real_components, const Decomposition& spectral, int components) const {
    if (real != decomposition || spectral != decomposition || real_components != components)
      throw Error(ExitCode::internal_failure, "DistributedFft: the fields belong to another decomposition");
  }
};

DistributedFft::DistributedFft(const Decomposition& decomposition, const Communicator& communicator)
    : impl_(std::make_unique<Impl>(decomposition, communicator)) {
  if (decomposition.ranks() != communicator.size())
    throw Error(ExitCode::internal_failure, "DistributedFft: decomposition and communicator differ in ranks");
  decomposition.domain().require_periodic("a Fourier transform");
}
DistributedFft::DistributedFft(DistributedFft&&) noexcept = default;
DistributedFft::~DistributedFft() = default;

const Decomposition& DistributedFft::decomposition() const {
  return impl_->decomposition;
}

std::int64_t DistributedFft::buffer_bytes(const Decomposition& decomposition) {
  Index largest = 0;
  for (const int rank :
       {0, decomposition.ranks() - 1}) { // the first has the largest share, the last may have to borrow
    const Geometry g(decomposition, rank);
    largest = std::max(largest, g.work_size() + g.scratch_size() + g.line_size());
  }
  return largest * static_cast<std::int64_t>(sizeof(Complex));
}

MemoryParts DistributedFft::memory(const Decomposition& decomposition, bool both_ways) {
  const Index3 n = decomposition.domain().shape();
  return {{"exchange buffers of the transform", static_cast<double>(buffer_bytes(decomposition))},
          {"lines of the transform",
           RealLineFft::memory_bytes(n[2], both_ways) + LineFft::memory_bytes(n[1]) + LineFft::memory_bytes(n[0])}};
}

void DistributedFft::forward(const RealField& in, SpectralField& out) const {
  impl_->check(in.decomposition(), in.components(), out.decomposition(), out.components());
  for (int c = 0; impl_->active && c < in.components(); ++c)
    impl_->forward(in.component(c).data(), out.component(c).data());
}

void DistributedFft::backward(SpectralField& in, RealField& out) const {
  impl_->check(out.decomposition(), out.components(), in.decomposition(), in.components());
  for (int c = 0; impl_->active && c < in.components(); ++c)
    impl_->backward(in.component(c).data(), out.component(c).data());
}

} // namespace cascade::core
