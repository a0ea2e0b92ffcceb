#pragma once
// Order-independent summation: the reason why a report is the same, bit for bit, at any rank count.

#include <array>
#include <cstdint>

namespace cascade::core {

/// Exact accumulator for doubles (a "small superaccumulator", R. M. Neal, arXiv 1505.05571).
/// The sum of any multiset of finite doubles is held without rounding as a fixed-point integer in `limbs` of 32 bits
/// each, kept in 64-bit words so that 2^30 additions may pass before a carry is propagated (add() does that by itself).
/// value() is that integer rounded once to double, hence independent of the order and grouping of the additions.
/// A NaN or infinite addend makes value() NaN.
class ExactSum {
public:
  static constexpr int limbs = 68;
  void add(double x) noexcept;
  void merge(const ExactSum& other) noexcept; ///< as if every addend of `other` had been added here
  double value() const noexcept;
  /// Carry-normalised limbs; integer sums of normalised limbs over up to 2^30 ranks cannot overflow (used by MPI).
  void normalise() noexcept;
  std::array<std::int64_t, limbs>& words() noexcept { return words_; }
  const std::array<std::int64_t, limbs>& words() const noexcept { return words_; }

private:
  std::array<std::int64_t, limbs> words_{};
  std::int64_t pending_ = 0; // additions since the last carry propagation
};

} // namespace cascade::core
