#include "core/grid/line_fft.hpp"

#include "core/talk/errors.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace cascade::core {
namespace {

fftw_complex* raw(Complex* p) {
  return reinterpret_cast<fftw_complex*>(p);
}
Complex* as_complex(AlignedBuffer& buffer) {
  return reinterpret_cast<Complex*>(buffer.data());
}

// FFTW takes non-const input; out-of-place plans with FFTW_PRESERVE_INPUT never write to it.
fftw_complex* raw(const Complex* p) {
  return raw(const_cast<Complex*>(p));
}

int plan_length(Index n) {
  if (n < 1 || n > (Index{1} << 30))
    throw Error(ExitCode::bad_input, "a transform needs 1 to 2^30 points a line, not " + std::to_string(n));
  return static_cast<int>(n);
}

/// Owns one FFTW plan.
class Plan {
public:
  explicit Plan(fftw_plan plan) : plan_(plan) {
    if (plan_ == nullptr)
      throw Error(ExitCode::internal_failure, "FFTW could not make a plan");
  }
  ~Plan() { fftw_destroy_plan(plan_); }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  void complex(const Complex* in, Complex* out) const { fftw_execute_dft(plan_, raw(in), raw(out)); }
  void to_complex(double* in, Complex* out) const { fftw_execute_dft_r2c(plan_, in, raw(out)); }
  void to_real(Complex* in, double* out) const { fftw_execute_dft_c2r(plan_, raw(in), out); }

private:
  fftw_plan plan_;
};

fftw_plan complex_plan(Index n, Complex* in, Complex* out, int sign) {
  return fftw_plan_dft_1d(plan_length(n), raw(in), raw(out), sign, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
}

Index largest_prime_factor(Index n) {
  Index largest = 1;
  for (Index p = 2; p * p <= n; ++p)
    for (; n % p == 0; n /= p)
      largest = p;
  return std::max(largest, n);
}

// What FFTW keeps for a line of n complex numbers, forward and backward, as measured for n up to 2^23 with version
// 3.3.10: tables that hardly grow for powers of two, a quarter of a line where there are other factors, and for large
// prime factors, which it transforms as convolutions, three lines (80 to 250 MiB of six runs of 3e5 to 2e6 points).
double plan_bytes(Index n) {
  constexpr double at_most = 0.5 * (1 << 20), of_a_number = 16;
  constexpr Index has_codelets = 13;
  const auto length = static_cast<double>(n);
  const Index prime = largest_prime_factor(n);
  return std::min(at_most, 4 * of_a_number * length) + (prime > 2 ? 0.25 * of_a_number * length : 0) +
         (prime > has_codelets ? 3 * of_a_number * static_cast<double>(prime) : 0);
}

// Lines brought together: 16 complex numbers are four cache lines of a row, and the scratch of a group stays in cache.
constexpr Index group = 16;

// Distance of two lines in scratch: a multiple of 64 bytes that is odd in units of 64, so that powers of two do not
// fall on the same cache set.
Index pitch_of(Index n) {
  return ((n * 16 + 63) / 64 | 1) * 4;
}

void gather(std::span<Complex* const> rows, Index first, Index count, Complex* scratch, Index pitch) {
  const auto n = static_cast<Index>(rows.size());
  for (Index j = 0; j < n; ++j) {
    const Complex* row = rows[static_cast<std::size_t>(j)] + first;
    Complex* to = scratch + j;
    for (Index b = 0; b < count; ++b)
      to[b * pitch] = row[b];
  }
}

void scatter(const Complex* scratch, Index pitch, Index first, Index count, std::span<Complex* const> rows) {
  const auto n = static_cast<Index>(rows.size());
  for (Index j = 0; j < n; ++j) {
    Complex* row = rows[static_cast<std::size_t>(j)] + first;
    const Complex* from = scratch + j;
    for (Index b = 0; b < count; ++b)
      row[b] = from[b * pitch];
  }
}

} // namespace

struct LineFft::Impl {
  Index n;
  Index pitch;
  AlignedBuffer before, after;
  Plan forward, backward;

  explicit Impl(Index length)
      : n(length), pitch(pitch_of(length)), before(2 * group * pitch), after(2 * group * pitch),
        forward(complex_plan(n, as_complex(before), as_complex(after), FFTW_FORWARD)),
        backward(complex_plan(n, as_complex(before), as_complex(after), FFTW_BACKWARD)) {}
};

double LineFft::memory_bytes(Index n) {
  constexpr double both = 2, numbers = group * 2 * sizeof(double);
  return n > 1 ? both * numbers * static_cast<double>(pitch_of(n)) + plan_bytes(n) : 0;
}

LineFft::LineFft(Index n) : impl_(std::make_unique<Impl>(n)) {}
LineFft::LineFft(LineFft&&) noexcept = default;
LineFft::~LineFft() = default;
Index LineFft::length() const {
  return impl_->n;
}

void LineFft::transform(Direction direction, std::span<Complex* const> source, std::span<Complex* const> target,
                        Index lines) const {
  Impl& s = *impl_;
  const Plan& plan = direction == Direction::forward ? s.forward : s.backward;
  for (Index first = 0; first < lines; first += group) {
    const Index count = std::min(group, lines - first);
    gather(source, first, count, as_complex(s.before), s.pitch);
    for (Index b = 0; b < count; ++b)
      plan.complex(as_complex(s.before) + b * s.pitch, as_complex(s.after) + b * s.pitch);
    scatter(as_complex(s.after), s.pitch, first, count, target);
  }
}

void LineFft::line(Direction direction, const Complex* in, Complex* out) const {
  Impl& s = *impl_;
  const Plan& plan = direction == Direction::forward ? s.forward : s.backward;
  const auto aligned = [](const Complex* p) {
    return fftw_alignment_of(const_cast<double*>(reinterpret_cast<const double*>(p))) == 0;
  };
  if (!aligned(in)) {
    std::copy_n(in, s.n, as_complex(s.before));
    in = as_complex(s.before);
  }
  if (aligned(out)) {
    plan.complex(in, out);
    return;
  }
  plan.complex(in, as_complex(s.after));
  std::copy_n(as_complex(s.after), s.n, out);
}

struct RealLineFft::Impl {
  Index n;
  bool even;
  Index length; // of the complex transform
  AlignedBuffer before, after;
  std::vector<Complex> twiddle; // exp(-2 pi i k / n), k = 0..n/4
  Plan forward, backward;

  explicit Impl(Index points)
      : n(points), even(points % 2 == 0), length(even ? points / 2 : points), before(scratch_size()),
        after(scratch_size()), forward(make(FFTW_FORWARD)), backward(make(FFTW_BACKWARD)) {
    twiddle.reserve(static_cast<std::size_t>(n / 4 + 1));
    for (Index k = 0; 4 * k <= n; ++k) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
      twiddle.emplace_back(std::cos(angle), -std::sin(angle));
    }
  }

  /// Doubles: of n/2 complex numbers, or of odd lines as FFTW has them.
  Index scratch_size() const { return even ? n : 2 * n + 2; }

  fftw_plan make(int sign) {
    if (even)
      return complex_plan(length, as_complex(before), as_complex(after), sign);
    if (sign == FFTW_FORWARD)
      return fftw_plan_dft_r2c_1d(plan_length(n), before.data(), raw(as_complex(after)), FFTW_ESTIMATE);
    return fftw_plan_dft_c2r_1d(plan_length(n), raw(as_complex(before)), after.data(), FFTW_ESTIMATE);
  }
};

double RealLineFft::memory_bytes(Index n, bool both_ways) {
  const bool even = n % 2 == 0;
  const auto points = static_cast<double>(n);
  const double scratch = sizeof(double) * points * (even ? (both_ways ? 2 : 1) : 4);
  return scratch + 4 * points + plan_bytes(even ? n / 2 : n);
}

RealLineFft::RealLineFft(Index n) : impl_(std::make_unique<Impl>(n)) {}
RealLineFft::RealLineFft(RealLineFft&&) noexcept = default;
RealLineFft::~RealLineFft() = default;

void RealLineFft::forward(const double* line, Complex* coefficients) const {
  Impl& s = *impl_;
  if (!s.even || fftw_alignment_of(const_cast<double*>(line)) != 0) {
    std::copy_n(line, s.n, s.before.data());
    line = s.before.data();
  }
  const Complex* z = as_complex(s.after);
  if (!s.even) {
    s.forward.to_complex(s.before.data(), as_complex(s.after));
    std::copy_n(z, s.n / 2 + 1, coefficients);
    return;
  }
  s.forward.complex(reinterpret_cast<const Complex*>(line), as_complex(s.after));
  const Index h = s.length;
  coefficients[0] = z[0].real() + z[0].imag();
  coefficients[h] = z[0].real() - z[0].imag();
  for (Index k = 1; 2 * k <= h; ++k) {
    const double ar = z[k].real(), ai = z[k].imag(), br = z[h - k].real(), bi = z[h - k].imag();
    const double wr = s.twiddle[static_cast<std::size_t>(k)].real(), wi = s.twiddle[static_cast<std::size_t>(k)].imag();
    const double er = 0.5 * (ar + br), ei = 0.5 * (ai - bi);
    const double odd_r = 0.5 * (ai + bi), odd_i = 0.5 * (br - ar);
    const double tr = odd_r * wr - odd_i * wi, ti = odd_r * wi + odd_i * wr;
    coefficients[k] = {er + tr, ei + ti};
    coefficients[h - k] = {er - tr, ti - ei};
  }
}

void RealLineFft::backward(const Complex* coefficients, double* line, double scale) const {
  Impl& s = *impl_;
  Complex* z = as_complex(s.before);
  const Index h = s.length;
  if (!s.even) {
    for (Index k = 0; k <= s.n / 2; ++k)
      z[k] = scale * coefficients[k];
    s.backward.to_real(z, s.after.data());
    std::copy_n(s.after.data(), s.n, line);
    return;
  }
  const double first = scale * coefficients[0].real(), last = scale * coefficients[h].real();
  z[0] = {first + last, first - last};
  for (Index k = 1; 2 * k <= h; ++k) {
    const double ar = scale * coefficients[k].real(), ai = scale * coefficients[k].imag();
    const double br = scale * coefficients[h - k].real(), bi = scale * coefficients[h - k].imag();
    const double wr = s.twiddle[static_cast<std::size_t>(k)].real(), wi = s.twiddle[static_cast<std::size_t>(k)].imag();
    const double er = ar + br, ei = ai - bi;
    const double dr = ar - br, di = ai + bi;
    const double odd_r = dr * wr + di * wi, odd_i = di * wr - dr * wi; // times the conjugate twiddle
    z[k] = {er - odd_i, ei + odd_r};
    z[h - k] = {er + odd_i, odd_r - ei};
  }
  const bool aligned = fftw_alignment_of(line) == 0;
  s.backward.complex(z, aligned ? reinterpret_cast<Complex*>(line) : as_complex(s.after));
  if (!aligned)
    std::copy_n(s.after.data(), s.n, line);
}

} // namespace cascade::core
