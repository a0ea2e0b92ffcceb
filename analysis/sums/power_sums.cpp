#include "analysis/sums/power_sums.hpp"

#include "analysis/sums/simd.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace cascade::analysis {
namespace {

using simd::Lanes8;

constexpr int lanes = 16;
constexpr int longest_short_chain = 8;
constexpr int longest_chain = 64; // beyond, a power is cheaper than the multiplications

int padded(int count) {
  return (count + lanes - 1) / lanes * lanes;
}

CASCADE_CLONES
void absolute_values(const double* v, double* out, int count) {
  for (int i = 0; i < count; ++i)
    out[i] = std::fabs(v[i]);
}

CASCADE_CLONES
void absolute_differences(const double* left, const double* right, double* out, int count) {
  for (int i = 0; i < count; ++i)
    out[i] = std::fabs(right[i] - left[i]);
}

CASCADE_CLONES
void square_roots(const double* v, double* out, int count) {
  for (int i = 0; i < count; ++i)
    out[i] = std::sqrt(v[i]);
}

CASCADE_CLONES
void products(const double* a, const double* b, double* out, int count) {
  for (int i = 0; i < count; ++i)
    out[i] = a[i] * b[i];
}

/// Numbers as they are, four or eight of them.
struct Plain {
  const double* values;
  template <class Lanes>
  [[gnu::always_inline]] void get(int i, Lanes& out) const {
    simd::load(out, values + i);
  }
};

/// Absolute differences, made on the way.
struct Difference {
  const double* left;
  const double* right;
  template <class Lanes>
  [[gnu::always_inline]] void get(int i, Lanes& out) const {
    Lanes a;
    simd::load(a, left + i);
    simd::load(out, right + i);
    out -= a;
    simd::take_magnitude(out);
  }
};

/// totals[k] = sum v^(k+1) in 16 lanes; `count` is a multiple of 16. Known at compile time, the lanes stay in
/// registers.
template <int length, class Source>
[[gnu::always_inline]] inline void chain_in_registers(const Source& source, int count, double* totals) {
  Lanes8 low[length] = {}, high[length] = {};
  for (int i = 0; i < count; i += lanes) {
    Lanes8 a, b;
    source.get(i, a);
    source.get(i + 8, b);
    Lanes8 p = a, q = b;
    low[0] += p;
    high[0] += q;
    for (int k = 1; k < length; ++k) {
      p *= a;
      q *= b;
      low[k] += p;
      high[k] += q;
    }
  }
  for (int k = 0; k < length; ++k) {
    low[k] += high[k];
    totals[k] = simd::reduce(low[k]);
  }
}

/// The same sums in as many lanes with a quarter of the registers: `Lanes` at a time, in passes over a span that is in
/// the nearest cache anyway. Processors with sixteen vector registers would else keep the longer chains in memory.
template <int length, class Lanes, class Source>
[[gnu::always_inline]] inline void chain_in_passes(const Source& source, int count, double* totals) {
  constexpr int width = sizeof(Lanes) / sizeof(double);
  alignas(64) double lane[length][lanes];
  for (int first = 0; first < lanes; first += width) {
    Lanes sum[length] = {};
    for (int i = first; i < count; i += lanes) {
      Lanes a;
      source.get(i, a);
      Lanes p = a;
      sum[0] += p;
      for (int k = 1; k < length; ++k) {
        p *= a;
        sum[k] += p;
      }
    }
    for (int k = 0; k < length; ++k)
      simd::store(lane[k] + first, sum[k]);
  }
  for (int k = 0; k < length; ++k) {
    Lanes8 low, high;
    simd::load(low, lane[k]);
    simd::load(high, lane[k] + 8);
    low += high;
    totals[k] = simd::reduce(low);
  }
}

/// chain_of for processors with few registers.
template <class Lanes, class Source>
[[gnu::always_inline]] inline void chain_with_few(const Source& source, int count, int length, double* totals) {
  switch (length) {
  case 1:
    return chain_in_registers<1>(source, count, totals);
  case 2:
    return chain_in_passes<2, Lanes>(source, count, totals);
  case 3:
    return chain_in_passes<3, Lanes>(source, count, totals);
  case 4:
    return chain_in_passes<4, Lanes>(source, count, totals);
  case 5:
  case 6:
    return chain_in_passes<6, Lanes>(source, count, totals);
  default:
    return chain_in_passes<longest_short_chain, Lanes>(source, count, totals);
  }
}

template <class Source>
[[gnu::always_inline]] inline void chain_of(const Source& source, int count, int length, double* totals) {
  switch (length) {
  case 1:
    return chain_in_registers<1>(source, count, totals);
  case 2:
    return chain_in_registers<2>(source, count, totals);
  case 3:
    return chain_in_registers<3>(source, count, totals);
  case 4:
    return chain_in_registers<4>(source, count, totals);
  case 5:
  case 6:
    return chain_in_registers<6>(source, count, totals);
  default:
    return chain_in_registers<longest_short_chain>(source, count, totals);
  }
}

using simd::Lanes2;
using simd::Lanes4;

// 32 vector registers (x86-64-v4) hold a chain of eight orders in all its lanes, 16 do not: the same sums, two codes.
#ifdef CASCADE_CHOSEN_AT_LOADING
__attribute__((target("arch=x86-64-v4"))) void short_chain(const double* values, int count, int length,
                                                           double* totals) {
  chain_of(Plain{values}, count, length, totals);
}
__attribute__((target("arch=x86-64-v3"))) void short_chain(const double* values, int count, int length,
                                                           double* totals) {
  chain_with_few<Lanes4>(Plain{values}, count, length, totals);
}
__attribute__((target("default"))) void short_chain(const double* values, int count, int length, double* totals) {
  chain_with_few<Lanes2>(Plain{values}, count, length, totals);
}
__attribute__((target("arch=x86-64-v4"))) void short_chain_of_differences(const double* left, const double* right,
                                                                          int count, int length, double* totals) {
  chain_of(Difference{left, right}, count, length, totals);
}
__attribute__((target("arch=x86-64-v3"))) void short_chain_of_differences(const double* left, const double* right,
                                                                          int count, int length, double* totals) {
  chain_with_few<Lanes4>(Difference{left, right}, count, length, totals);
}
__attribute__((target("default"))) void short_chain_of_differences(const double* left, const double* right, int count,
                                                                   int length, double* totals) {
  chain_with_few<Lanes2>(Difference{left, right}, count, length, totals);
}
#else
#if defined(__AVX512F__) || (!defined(__x86_64__) && !defined(__AVX2__))
#define CASCADE_CHAIN chain_of
#elif defined(__AVX2__)
#define CASCADE_CHAIN chain_with_few<Lanes4>
#else
#define CASCADE_CHAIN chain_with_few<Lanes2>
#endif
void short_chain(const double* values, int count, int length, double* totals) {
  CASCADE_CHAIN(Plain{values}, count, length, totals);
}
void short_chain_of_differences(const double* left, const double* right, int count, int length, double* totals) {
  CASCADE_CHAIN(Difference{left, right}, count, length, totals);
}
#undef CASCADE_CHAIN
#endif

/// The same for chains of any length; power is work space of `count` values.
CASCADE_CLONES
void long_chain(const double* base, double* power, int count, int length, double* totals) {
  std::memcpy(power, base, static_cast<std::size_t>(count) * sizeof(double));
  for (int k = 0; k < length; ++k) {
    Lanes8 low = {}, high = {};
    for (int i = 0; i < count; i += lanes) {
      Lanes8 p, q, a, b;
      simd::load(p, power + i);
      simd::load(q, power + i + 8);
      simd::load(a, base + i);
      simd::load(b, base + i + 8);
      low += p;
      high += q;
      p *= a;
      q *= b;
      simd::store(power + i, p);
      simd::store(power + i + 8, q);
    }
    low += high;
    totals[k] = simd::reduce(low);
  }
}

void add_totals(const std::vector<int>& steps, const double* totals, std::span<double> sums) {
  for (std::size_t k = 0; k < steps.size(); ++k)
    if (steps[k] >= 0)
      sums[static_cast<std::size_t>(steps[k])] += totals[k];
}

bool is_integer(double x) {
  return x == std::floor(x);
}

} // namespace

PowerSums::PowerSums(std::vector<double> orders) : orders_(std::move(orders)) {
  std::vector<int> whole, half;
  for (std::size_t k = 0; k < orders_.size(); ++k) {
    const double p = orders_[k];
    if (!(p > 0) || !std::isfinite(p))
      throw std::invalid_argument("an order must be positive and finite, not " + std::to_string(p));
    if (is_integer(p) && p <= longest_chain)
      whole.push_back(static_cast<int>(k));
    else if (is_integer(2 * p) && 2 * p <= longest_chain)
      half.push_back(static_cast<int>(k));
    else
      others_.push_back(static_cast<int>(k));
  }
  const auto make_chain = [&](const std::vector<int>& places, int unit) { // unit 1: integers; 2: half-integers
    if (places.empty())
      return;
    int divisor = 0, largest = 0;
    for (const int k : places) {
      const int power = static_cast<int>(orders_[static_cast<std::size_t>(k)] * unit);
      divisor = std::gcd(divisor, power);
      largest = std::max(largest, power);
    }
    Chain chain{static_cast<double>(divisor) / unit, std::vector<int>(static_cast<std::size_t>(largest / divisor), -1)};
    for (const int k : places) {
      int& place = chain.steps[static_cast<std::size_t>(orders_[static_cast<std::size_t>(k)] / chain.exponent) - 1];
      if (place >= 0)
        throw std::invalid_argument("an order is listed twice");
      place = k;
    }
    chains_.push_back(std::move(chain));
  };
  make_chain(whole, 1);
  make_chain(half, 2);
  only_integers_ = chains_.size() == 1 && others_.empty() && chains_[0].exponent == 1 &&
                   chains_[0].steps.size() <= longest_short_chain;
}

void PowerSums::add_magnitudes(const double* magnitudes, int count, std::span<double> sums) const {
  alignas(64) double base[chunk], power[chunk];
  for (const Chain& chain : chains_) {
    const double* start = magnitudes;
    if (!is_integer(chain.exponent)) {
      square_roots(magnitudes, base, count);
      start = base;
    }
    const int factors = static_cast<int>(is_integer(chain.exponent) ? chain.exponent : 2 * chain.exponent);
    if (factors > 1) {
      products(start, start, power, count);
      for (int f = 2; f < factors; ++f)
        products(power, start, power, count);
      std::copy_n(power, count, base);
      start = base;
    }
    double totals[longest_chain];
    const int length = static_cast<int>(chain.steps.size());
    if (length <= longest_short_chain)
      short_chain(start, count, length, totals);
    else
      long_chain(start, power, count, length, totals);
    add_totals(chain.steps, totals, sums);
  }
  for (const int k : others_) {
    double total = 0;
    for (int i = 0; i < count; ++i)
      total += std::pow(magnitudes[i], orders_[static_cast<std::size_t>(k)]);
    sums[static_cast<std::size_t>(k)] += total;
  }
}

namespace {

/// Calls make(first, count, buffer) for each chunk and pads the buffer with zeros, which add nothing to any sum.
template <class Make, class Use>
void by_chunks(std::size_t total, Make make, Use use) {
  alignas(64) double buffer[PowerSums::chunk];
  for (std::size_t first = 0; first < total; first += PowerSums::chunk) {
    const int count = static_cast<int>(std::min<std::size_t>(PowerSums::chunk, total - first));
    make(first, count, buffer);
    std::fill(buffer + count, buffer + padded(count), 0.0);
    use(buffer, padded(count));
  }
}

} // namespace

void PowerSums::add(std::span<const double> values, std::span<double> sums) const {
  by_chunks(
      values.size(),
      [&](std::size_t first, int count, double* out) { absolute_values(values.data() + first, out, count); },
      [&](const double* magnitudes, int count) { add_magnitudes(magnitudes, count, sums); });
}

void PowerSums::add_differences(std::span<const double> left, std::span<const double> right,
                                std::span<double> sums) const {
  if (only_integers_ && left.size() % lanes == 0 && left.size() <= chunk) { // the common case, without a buffer
    const std::vector<int>& steps = chains_.front().steps;
    double totals[longest_short_chain];
    short_chain_of_differences(left.data(), right.data(), static_cast<int>(left.size()), static_cast<int>(steps.size()),
                               totals);
    add_totals(steps, totals, sums);
    return;
  }
  by_chunks(
      left.size(),
      [&](std::size_t first, int count, double* out) {
        absolute_differences(left.data() + first, right.data() + first, out, count);
      },
      [&](const double* magnitudes, int count) { add_magnitudes(magnitudes, count, sums); });
}

void PowerSums::add_squares(std::span<const double> squares, std::span<double> sums) const {
  by_chunks(
      squares.size(),
      [&](std::size_t first, int count, double* out) { square_roots(squares.data() + first, out, count); },
      [&](const double* magnitudes, int count) { add_magnitudes(magnitudes, count, sums); });
}

} // namespace cascade::analysis
