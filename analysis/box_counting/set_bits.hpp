#pragma once
// A set of grid points, one bit each, in the lines a rank holds.

#include "core/grid/domain.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cascade::analysis {

/// A row of bits in words of 64, the first in the lowest bit of the first word.
using BitRow = std::vector<std::uint64_t>;

inline std::size_t words_of(core::Index bits) {
  return static_cast<std::size_t>((bits + 63) / 64);
}

/// The points of a set in the box of one rank: a row for each line of all points of axis 2. Local object.
class SetBits {
public:
  SetBits(const core::Decomposition& decomposition, int rank);
  const core::Decomposition& decomposition() const { return decomposition_; }
  const core::Box& box() const { return box_; }
  std::size_t words() const { return words_; }
  /// The row at local indices i (axis 0) and j (axis 1).
  std::span<std::uint64_t> row(core::Index i, core::Index j) {
    return std::span(bits_).subspan(static_cast<std::size_t>(i * box_.extent(1) + j) * words_, words_);
  }
  std::span<const std::uint64_t> row(core::Index i, core::Index j) const {
    return std::span(bits_).subspan(static_cast<std::size_t>(i * box_.extent(1) + j) * words_, words_);
  }
  static double memory(const core::Decomposition& decomposition); ///< bytes of the rank that has most

private:
  core::Decomposition decomposition_;
  core::Box box_;
  std::size_t words_;
  BitRow bits_;
};

/// Windows of `side` points along a row of n bits: bit p of the result says whether any of them is set. Not periodic:
/// p = 0 is the window that holds the first point alone, p = n + side - 2 the one that holds the last alone. Periodic:
/// p = 0 .. n - 1 is the window's first point. 1 <= side <= n.
void windows_that_meet(std::span<const std::uint64_t> row, core::Index n, core::Index side, bool periodic,
                       BitRow& windows);

/// Bits set in [begin, end).
std::int64_t count_bits(const BitRow& row, core::Index begin, core::Index end);

} // namespace cascade::analysis
