#pragma once
// The box a gridded field lives in, and who owns which part of it. Values without MPI.

#include <array>
#include <cstdint>

namespace cascade::core {

using Index = std::int64_t;
using Index3 = std::array<Index, 3>;

/// Periodic box [0,1)^D sampled on points^D cell centres x_i = (i + 1/2)/points, D = 1, 2 or 3.
/// Arrays always have three axes, row-major, the last one contiguous; a D-dimensional field uses the last D of them and
/// the leading ones have extent 1. Lengths are in units of the box side; wavenumbers are integers (k = 1 is one wave a
/// box).
class Domain {
public:
  Domain(int dimensions, Index points);
  int dimensions() const { return dimensions_; }
  Index points() const { return points_; }           ///< per side
  Index3 shape() const;                              ///< e.g. {1, n, n} for D = 2
  Index3 spectral_shape() const;                     ///< last axis n/2 + 1
  Index total_points() const;                        ///< n^D, checked against 64-bit overflow by the constructor
  int first_axis() const { return 3 - dimensions_; } ///< first axis that is really there
  double spacing() const { return 1.0 / static_cast<double>(points_); }
  /// Signed wavenumber of index i along a full axis: i for i <= n/2, i - n above.
  Index wavenumber(Index i) const { return i <= points_ / 2 ? i : i - points_; }
  bool operator==(const Domain&) const = default;

private:
  int dimensions_;
  Index points_;
};

/// Half-open box of global indices [begin, end) per axis; empty boxes are legal.
struct Box {
  Index3 begin{};
  Index3 end{};
  Index extent(int axis) const { return end[axis] > begin[axis] ? end[axis] - begin[axis] : 0; }
  Index size() const { return extent(0) * extent(1) * extent(2); }
  bool empty() const { return size() == 0; }
  Box intersect(const Box& other) const;
  bool operator==(const Box&) const = default;
};

/// Domain + process grid + the index box of every rank in real and in spectral space. The only place with global/local
/// index arithmetic. Process grid `rows` x `columns` (rows*columns = ranks).
///  - real space: for D = 3 axis 0 is split over rows, axis 1 over columns; for D = 2 axis 1 over rows*columns;
///    D = 1: everything on rank 0. The contiguous axis is never split.
///  - spectral space (after the transposes): the first real axis is whole; D = 3: axis 1 split over rows and axis 2
///    over columns; D = 2: axis 2 split over all.
/// Uneven splits: the first (n mod p) parts get one index more. rank = row * columns + column.
class Decomposition {
public:
  /// Chooses the grid: slabs (columns = 1) as long as ranks <= points, pencils beyond.
  Decomposition(const Domain& domain, int ranks);
  Decomposition(const Domain& domain, int rows, int columns);
  const Domain& domain() const { return domain_; }
  int ranks() const { return rows_ * columns_; }
  int rows() const { return rows_; }
  int columns() const { return columns_; }
  Box real_box(int rank) const;
  Box spectral_box(int rank) const;
  /// Rank that holds the line of all points of axis 2 at global indices i (axis 0) and j (axis 1), in real space.
  int line_owner(Index i, Index j) const;
  bool operator==(const Decomposition&) const = default;

private:
  Domain domain_;
  int rows_;
  int columns_;
};

/// Part `part` of `parts` of [0, n): the split used everywhere.
struct Range {
  Index begin;
  Index end;
};
Range split_range(Index n, Index parts, Index part);
/// Its inverse: the part that holds `index`, 0 <= index < n.
Index part_of(Index n, Index parts, Index index);

} // namespace cascade::core
