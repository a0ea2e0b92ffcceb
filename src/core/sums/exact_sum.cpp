#include "core/sums/exact_sum.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace cascade::core {
namespace {

// Bit 0 of limb 0 weighs 2^-1074, the smallest subnormal; the largest double ends in limb 65. Limb 66 takes the carries
// and the sign; the last limb counts addends that are not finite, so that it travels with the others through an MPI
// sum.
constexpr int lowest_exponent = -1074;
constexpr int sign_limb = ExactSum::limbs - 2;
constexpr int nonfinite_limb = ExactSum::limbs - 1;
constexpr std::int64_t limb_mask = 0xffffffff;
constexpr std::int64_t most_pending = std::int64_t{1} << 30;

using Limbs = std::array<std::int64_t, ExactSum::limbs>;

void propagate(Limbs& words) noexcept {
  std::int64_t carry = 0;
  for (int i = 0; i < sign_limb; ++i) {
    const std::int64_t total = words[i] + carry;
    words[i] = total & limb_mask;
    carry = total >> 32; // arithmetic shift: rounds towards minus infinity, so every limb below the sign is >= 0
  }
  words[sign_limb] += carry;
  words[nonfinite_limb] = words[nonfinite_limb] != 0 ? 1 : 0;
}

// Non-negative normalised integer -> nearest double, ties to even.
double round_once(const Limbs& words) noexcept {
  int top = sign_limb;
  while (top > 0 && words[top] == 0)
    --top;
  const auto limb = [&](int i) { return i >= 0 ? static_cast<std::uint64_t>(words[i]) : std::uint64_t{0}; };
  std::uint64_t head = limb(top);
  int exponent = lowest_exponent + 32 * top; // weight of head's lowest bit
  int next = top - 1;
  bool sticky = false;
  while (next >= 0 && std::countl_zero(head) >= 32) {
    head = head << 32 | limb(next--);
    exponent -= 32;
  }
  const int room = std::countl_zero(head);
  if (next >= 0 && room > 0 && head != 0) {
    head = head << room | limb(next) >> (32 - room);
    sticky = (limb(next) & ((std::uint64_t{1} << (32 - room)) - 1)) != 0;
    exponent -= room;
    --next;
  }
  for (; next >= 0 && !sticky; --next)
    sticky = words[next] != 0;
  return std::ldexp(static_cast<double>(head | (sticky ? 1u : 0u)), exponent);
}

} // namespace

void ExactSum::add(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int biased = static_cast<int>(bits >> 52 & 0x7ff);
  if (biased == 0x7ff) {
    words_[nonfinite_limb] = 1;
    return;
  }
  std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
  mantissa |= biased != 0 ? std::uint64_t{1} << 52 : 0;
  const int position = biased != 0 ? biased - 1 : 0;
  const int first = position >> 5;
  const int shift = position & 31;
  // The mantissa shifted by at most 31 bits covers three limbs.
  const std::uint64_t low = mantissa << shift;
  const std::uint64_t high = mantissa >> 1 >> (63 - shift);
  const std::int64_t sign = bits >> 63 != 0 ? -1 : 1;
  words_[first] += sign * static_cast<std::int64_t>(low & limb_mask);
  words_[first + 1] += sign * static_cast<std::int64_t>(low >> 32);
  words_[first + 2] += sign * static_cast<std::int64_t>(high);
  if (++pending_ >= most_pending)
    normalise();
}

void ExactSum::normalise() noexcept {
  propagate(words_);
  pending_ = 1; // a normalised limb is as large as that of one addend
}

void ExactSum::merge(const ExactSum& other) noexcept {
  Limbs addend = other.words_;
  propagate(addend);
  if (pending_ + 1 >= most_pending)
    normalise();
  for (int i = 0; i < limbs; ++i)
    words_[i] += addend[i];
  ++pending_;
}

double ExactSum::value() const noexcept {
  Limbs magnitude = words_;
  propagate(magnitude);
  if (magnitude[nonfinite_limb] != 0)
    return std::numeric_limits<double>::quiet_NaN();
  const bool negative = magnitude[sign_limb] < 0;
  if (negative) {
    for (int i = 0; i <= sign_limb; ++i)
      magnitude[i] = -magnitude[i];
    propagate(magnitude);
  }
  const double result = round_once(magnitude);
  return negative ? -result : result;
}

} // namespace cascade::core
