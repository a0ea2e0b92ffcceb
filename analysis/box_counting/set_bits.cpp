#include "analysis/box_counting/set_bits.hpp"

#include <algorithm>
#include <bit>

namespace cascade::analysis {
namespace {

using core::Index;

constexpr Index word = 64;

/// The 64 bits from `at` on; zeros beyond the end.
std::uint64_t bits_from(std::span<const std::uint64_t> row, Index at) {
  const auto first = static_cast<std::size_t>(at / word);
  const int shift = static_cast<int>(at % word);
  if (first >= row.size())
    return 0;
  const std::uint64_t low = row[first] >> shift;
  return shift == 0 || first + 1 >= row.size() ? low : low | row[first + 1] << (word - shift);
}

/// to |= from, moved up by `by` bits; what would leave the end is dropped.
void add_moved(BitRow& to, std::span<const std::uint64_t> from, Index by) {
  const auto words = static_cast<std::size_t>(by / word);
  const int shift = static_cast<int>(by % word);
  for (std::size_t i = 0; i < from.size() && i + words < to.size(); ++i) {
    to[i + words] |= from[i] << shift;
    if (shift != 0 && i + words + 1 < to.size())
      to[i + words + 1] |= from[i] >> (word - shift);
  }
}

/// to_p = from_p or from_(p + by), for all p; `to` may be `from`: words ahead are read before they are written.
void widen(BitRow& bits, Index by) {
  for (std::size_t i = 0; i < bits.size(); ++i)
    bits[i] |= bits_from(bits, static_cast<Index>(i) * word + by);
}

} // namespace

SetBits::SetBits(const core::Decomposition& decomposition, int rank)
    : decomposition_(decomposition), box_(decomposition.real_box(rank)),
      words_(words_of(decomposition.domain().points(2))),
      bits_(static_cast<std::size_t>(box_.empty() ? 0 : box_.extent(0) * box_.extent(1)) * words_, 0) {}

double SetBits::memory(const core::Decomposition& decomposition) {
  double lines = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    const core::Box box = decomposition.real_box(rank);
    lines = std::max(lines, static_cast<double>(box.extent(0) * box.extent(1)));
  }
  return lines * static_cast<double>(words_of(decomposition.domain().points(2)) * sizeof(std::uint64_t));
}

void windows_that_meet(std::span<const std::uint64_t> row, Index n, Index side, bool periodic, BitRow& windows) {
  windows.assign(words_of(n + 2 * (side - 1)), 0);
  if (periodic) {
    add_moved(windows, row, 0);
    add_moved(windows, row, n); // the windows of the last points look at the first
  } else {
    add_moved(windows, row, side - 1);
  }
  Index wide = 1;
  for (; 2 * wide <= side; wide *= 2)
    widen(windows, wide);
  if (wide < side)
    widen(windows, side - wide);
}

std::int64_t count_bits(const BitRow& row, Index begin, Index end) {
  std::int64_t count = 0;
  for (Index at = begin; at < end; at += word) {
    std::uint64_t bits = bits_from(row, at);
    if (end - at < word)
      bits &= (std::uint64_t{1} << (end - at)) - 1;
    count += std::popcount(bits);
  }
  return count;
}

} // namespace cascade::analysis
