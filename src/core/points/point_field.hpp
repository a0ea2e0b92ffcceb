#pragma once
// What a sampling estimator sees: a field that can be evaluated anywhere, and the tree of its alive cells. Never d or
// h.

#include "core/random/random.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cascade::core {

/// One coordinate of the periodic unit box as a 64-bit fixed-point fraction: x = u / 2^64. Wrap-around is exact; the
/// dyadic cell of level l that holds x is u >> (64 - l).
using Coordinate = std::uint64_t;

inline Coordinate to_coordinate(double x) {
  return static_cast<Coordinate>(x * 0x1p53) << 11;
}
inline double to_double(Coordinate u) {
  return static_cast<double>(u) * 0x1p-64;
}

/// Coordinates of a lattice of m points a side: axis[a*m + i] = corner[a] + (i + offset[a]) 2^-level / m, offsets being
/// fractions of a lattice step. Local.
void lattice_coordinates(std::span<const Coordinate> corner, int level, int m, std::span<const Coordinate> offset,
                         std::span<Coordinate> axis);

/// A scalar field on [0,1)^D that can be evaluated at any point without a grid. Immutable, thread-safe, local (no MPI).
class PointField {
public:
  virtual ~PointField() = default;
  virtual int dimensions() const = 0;
  /// values[i] = f(points[i*D .. i*D + D-1]).
  virtual void evaluate(std::span<const Coordinate> points, std::span<double> values) const = 0;
  /// Values on the lattice of m^D points corner + (i + offset) * side/m (side = 2^-level, offset in [0,1)^D given as
  /// fixed-point fractions of a lattice step), row-major with the last axis fastest. The default calls evaluate().
  virtual void evaluate_lattice(std::span<const Coordinate> corner, int level, int m,
                                std::span<const Coordinate> offset, std::span<double> values) const;
  /// The same for the lattice of an aligned or shifted cell and for other points that lie in that cell: what is coarser
  /// than the cell is common to all of them and looked up once. The same numbers as of the two calls, to rounding.
  virtual void evaluate_cell(std::span<const Coordinate> corner, int level, int m, std::span<const Coordinate> offset,
                             std::span<double> values, std::span<const Coordinate> points,
                             std::span<double> at_points) const;
  /// The same function without what is smaller than cells of level levels - 1, where the field is a sum over dyadic
  /// scales; null: it is none, and has to be taken whole.
  virtual std::shared_ptr<const PointField> cut(int) const { return nullptr; }
};

/// The alive cells of a cascade, as far as an estimator may know them: a root, and the alive children of a cell.
class ActiveTree {
public:
  virtual ~ActiveTree() = default;
  virtual int dimensions() const = 0;
  virtual int depth() const = 0; ///< number of levels: cells of level 0..depth()-1 may carry eddies
  virtual Block root() const = 0;
  /// Keys of the 2^D children of the cell with this key, and whether each is alive (1) or dead (0). Both spans have 2^D
  /// elements; bit a of a child's index is its position along axis a (0 = lower half). D <= 10.
  virtual void children(const Block& key, std::span<Block> keys, std::span<std::uint8_t> alive) const = 0;
  /// depth[i] = number of consecutive alive levels above point i, counted from level 0 and cut at `limit`: the cell of
  /// level l that holds the point is alive iff depth > l.
  virtual void depth_at(std::span<const Coordinate> points, int limit, std::span<int> depth) const = 0;
};

/// A cascade in so many dimensions that the alive children of a cell cannot be listed. What can be done is to ask for
/// one cell and be shown a realisation in which it is alive. Immutable, thread-safe, local.
class SpineField {
public:
  virtual ~SpineField() = default;
  virtual int dimensions() const = 0;
  virtual int depth() const = 0; ///< number of levels
  /// values[i] = f(points[i*D ..]) in realisation number `sample`, given that the aligned dyadic cell of level `level`
  /// at `corner` is alive; the points lie in that cell. Each number is a realisation of its own, independent of all
  /// others: means over samples are means over alive cells of the ensemble.
  virtual void evaluate_in_cell(std::uint64_t sample, std::span<const Coordinate> corner, int level,
                                std::span<const Coordinate> points, std::span<double> values) const = 0;
};

} // namespace cascade::core
