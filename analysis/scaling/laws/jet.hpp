#pragma once
// Numbers that carry their derivatives: what a law of a few lines needs to be fitted.

#include <array>
#include <cmath>
#include <limits>

namespace cascade::analysis {

constexpr int most_law_variables = 24;

/// A value and its derivatives by the first `n` variables (forward mode). Plain value.
struct Jet {
  double v = 0;
  int n = 0;
  std::array<double, most_law_variables> d; // of the first n only: the rest is never read

  Jet() = default;
  ~Jet() = default;
  Jet(const Jet& other) : v(other.v), n(other.n) { copy(other); } // half the time of a fit is copies
  Jet& operator=(const Jet& other) {
    v = other.v;
    n = other.n;
    copy(other);
    return *this;
  }
  Jet(double value) : v(value) {} // NOLINT(google-explicit-constructor): numbers are jets
  static Jet variable(double value, int which, int count) {
    Jet j(value);
    j.n = count;
    for (int i = 0; i < count; ++i)
      j.d[static_cast<std::size_t>(i)] = i == which ? 1 : 0;
    return j;
  }

private:
  void copy(const Jet& other) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(other.n); ++i)
      d[i] = other.d[i];
  }
};

/// value f(a), derivative f'(a).
inline Jet chain(const Jet& a, double value, double slope) {
  Jet out(value);
  out.n = a.n;
  for (int i = 0; i < a.n; ++i)
    out.d[static_cast<std::size_t>(i)] = slope * a.d[static_cast<std::size_t>(i)];
  return out;
}

/// value f(a, b), derivatives by a and by b.
inline Jet chain(const Jet& a, const Jet& b, double value, double by_a, double by_b) {
  if (b.n == 0)
    return chain(a, value, by_a);
  if (a.n == 0)
    return chain(b, value, by_b);
  Jet out(value);
  out.n = a.n;
  for (std::size_t i = 0; i < static_cast<std::size_t>(a.n); ++i)
    out.d[i] = by_a * a.d[i] + by_b * b.d[i];
  return out;
}

inline Jet operator+(const Jet& a, const Jet& b) {
  return chain(a, b, a.v + b.v, 1, 1);
}
inline Jet operator-(const Jet& a, const Jet& b) {
  return chain(a, b, a.v - b.v, 1, -1);
}
inline Jet operator-(const Jet& a) {
  return chain(a, -a.v, -1);
}
inline Jet operator*(const Jet& a, const Jet& b) {
  return chain(a, b, a.v * b.v, b.v, a.v);
}
inline Jet operator/(const Jet& a, const Jet& b) {
  return chain(a, b, a.v / b.v, 1 / b.v, -a.v / (b.v * b.v));
}
/// Cut off where it would overflow, as bounded searches meet it.
inline Jet exp(const Jet& a) {
  const double e = std::exp(a.v < -600 ? -600 : a.v > 600 ? 600 : a.v);
  return chain(a, e, e);
}
/// NaN, without derivatives, where there is no logarithm: the last step of a law, whose domain ends there.
inline Jet log(const Jet& a) {
  if (!std::isfinite(a.v) || a.v <= 0)
    return Jet(std::numeric_limits<double>::quiet_NaN());
  return chain(a, std::log(a.v), 1 / a.v);
}
/// log(e^a + e^b).
inline Jet log_sum(const Jet& a, const Jet& b) {
  const double top = a.v > b.v ? a.v : b.v, low = a.v > b.v ? b.v : a.v;
  const double rest = std::exp(low - top), share = 1 / (1 + rest);
  return a.v > b.v ? chain(a, b, top + std::log1p(rest), share, 1 - share)
                   : chain(a, b, top + std::log1p(rest), 1 - share, share);
}

} // namespace cascade::analysis
