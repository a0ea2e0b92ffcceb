#pragma once
// Moving a distributed field: cyclic shifts, and whole cubic blocks for estimators that work cell by cell.

#include "core/grid/field.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cascade::core {

/// result(x) = field((x + shift) mod n) on every axis that is there, any shift of either sign, all components. An axis
/// that is not periodic is refused unless its shift is zero. Collective. Memory: the result, and messages of about a
/// sixteenth of the field at a time.
RealField cyclic_shift(const RealField& field, const Communicator& communicator, Index3 shift);

/// The same for bytes that go with a decomposition (one a point of the box, as in ActiveDepth).
ActiveDepth cyclic_shift(const ActiveDepth& depth, const Decomposition& decomposition, const Communicator& communicator,
                         Index3 shift);

/// result(x) = fine(m x): every m-th point along every axis, m = (points of fine)/(points of coarse) for each axis, all
/// components; lengths and periodicity are the same.
/// Lines come to their new owners whole, in messages of about a sixteenth of what is kept times m. Collective.
RealField decimate(const RealField& fine, const Decomposition& coarse, const Communicator& communicator);

/// Bytes of the messages in which a rank's lines go elsewhere, sent and received ones, values of `value_size` bytes, of
/// the rank that has most. Local.
double message_bytes(const Decomposition& decomposition, std::size_t value_size);

/// Cubic blocks of b points a side from the first point of the box on, B_a of them along axis a, numbered row-major
/// (last axis fastest) and dealt to the ranks in contiguous ranges. What is left at the end of an axis, n_a - B_a b
/// points, belongs to no block. Immutable value, no MPI.
class BlockLayout {
public:
  BlockLayout(const Domain& domain,
              Index blocks_per_side); ///< of a cube; throws Error unless B divides the points a side
  BlockLayout(const Domain& domain, Index side, Index3 blocks); ///< throws Error unless they fit; 1 on axes not there
  const Domain& domain() const { return domain_; }
  Index side() const { return side_; }                                            ///< b, in points
  Index along(int axis) const { return blocks_[static_cast<std::size_t>(axis)]; } ///< B_a
  Index3 block_shape() const; ///< b along the axes that are there, 1 along the others
  Index block_points() const; ///< b^D
  Index blocks() const { return along(0) * along(1) * along(2); }
  Index covered_points() const { return blocks() * block_points(); }
  Range owned(int ranks, int rank) const;
  double most_points(int ranks) const; ///< in the blocks of the rank that has most ///< blocks of a rank; may be empty
  Index3 origin(Index block) const;    ///< global index of its first point

private:
  Domain domain_;
  Index side_;
  Index3 blocks_;
};

/// The blocks one rank owns, each with all its points: shape (owned blocks, block_shape()), row-major. Local object.
template <class T>
class BlockArray {
public:
  BlockArray(const BlockLayout& layout, int ranks, int rank)
      : layout_(layout), owned_(layout.owned(ranks, rank)),
        values_(static_cast<std::size_t>((owned_.end - owned_.begin) * layout.block_points())) {}
  const BlockLayout& layout() const { return layout_; }
  Range owned() const { return owned_; } ///< global block numbers [begin, end)
  Index count() const { return owned_.end - owned_.begin; }
  /// Points of the local block `i`, 0 <= i < count(); its global number is owned().begin + i.
  std::span<T> block(Index i) {
    return std::span(values_).subspan(static_cast<std::size_t>(i * layout_.block_points()),
                                      static_cast<std::size_t>(layout_.block_points()));
  }
  std::span<const T> block(Index i) const {
    return std::span(values_).subspan(static_cast<std::size_t>(i * layout_.block_points()),
                                      static_cast<std::size_t>(layout_.block_points()));
  }
  std::span<const T> values() const { return values_; }

private:
  BlockLayout layout_;
  Range owned_;
  std::vector<T> values_;
};

using BlockField = BlockArray<double>;
using BlockDepth = BlockArray<std::uint8_t>;

/// Gives every rank the whole of the blocks it owns, of one component. The same blocks hold the same values at any rank
/// count. Collective. Memory: the result, and messages of about a sixteenth of the field at a time.
BlockField to_blocks(const RealField& field, const BlockLayout& layout, const Communicator& communicator,
                     int component = 0);
BlockDepth to_blocks(const ActiveDepth& depth, const Decomposition& decomposition, const BlockLayout& layout,
                     const Communicator& communicator);

} // namespace cascade::core
