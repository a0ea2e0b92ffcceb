#pragma once
// The box a gridded field lives in, and who owns which part of it. Values without MPI.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cascade::core {

using Index = std::int64_t;
using Index3 = std::array<Index, 3>;

/// One axis of a grid.
struct GridAxis {
  Index points = 1;
  double length = 1; ///< in the user's unit, the same for all axes; points * spacing, whatever the points stand for
  bool periodic = true;
  bool operator==(const GridAxis&) const = default;
};
using Axes = std::vector<GridAxis>; ///< slowest first, the contiguous one last

/// Box [0, L_0) x ... of D = 1, 2 or 3 axes with points, length and periodicity each. Point i of axis a stands for the
/// cell [i, i + 1) dx_a, dx_a = L_a / n_a, so that x_i = (i + 1/2) dx_a for fields made here; a reader whose values sit
/// on nodes keeps dx and shifts the origin by half a cell, which no estimator sees.
/// Arrays always have three axes 0, 1, 2 ("z", "y", "x"), row-major, the last one contiguous; a D-dimensional field
/// uses the last D of them, and the leading ones have one point, length 1, and are periodic.
class Domain {
public:
  Domain(int dimensions, Index points); ///< the periodic unit cube
  explicit Domain(const Axes& axes);
  int dimensions() const { return dimensions_; }
  Index points(int axis) const { return axes_[static_cast<std::size_t>(axis)].points; }
  double length(int axis) const { return axes_[static_cast<std::size_t>(axis)].length; }
  bool periodic(int axis) const { return axes_[static_cast<std::size_t>(axis)].periodic; }
  double spacing(int axis) const { return length(axis) / static_cast<double>(points(axis)); }
  Index3 shape() const { return {points(0), points(1), points(2)}; } ///< e.g. {1, n, m} for D = 2
  Index3 spectral_shape() const;                                     ///< last axis points(2)/2 + 1
  Index total_points() const;                                        ///< checked against 64-bit overflow
  int first_axis() const { return 3 - dimensions_; }                 ///< first axis that is really there
  double longest() const;                                            ///< largest length of an axis that is there
  /// Signed wavenumber, in waves per length of the axis, of index i along it: i for i <= n/2, i - n above. Divided by
  /// length(axis) it is the wavenumber in waves per unit of length.
  Index wavenumber(int axis, Index i) const { return i <= points(axis) / 2 ? i : i - points(axis); }
  static const char* axis_name(int axis); ///< "z", "y", "x"

  bool cube() const { return uneven_axis() < 0; } ///< the same points and the same length along all axes
  /// Points and spacing of any axis of a cube; of another box refused, with the axes that differ.
  Index points() const;
  double spacing() const;
  /// Throws Error (bad_input) that names the axes, unless the box is a cube, or periodic along all axes. `what` is what
  /// cannot be done, e.g. "a Fourier transform".
  void require_cube(const std::string& what) const;
  void require_periodic(const std::string& what) const;
  bool operator==(const Domain&) const = default;

private:
  int uneven_axis() const; ///< the first one that differs from axis 2; -1: none
  int dimensions_;
  std::array<GridAxis, 3> axes_;
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
  /// Chooses the grid: slabs (columns = 1) while there is a plane of axes 0 and 1 for every rank, pencils beyond.
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
