#pragma once
// One-dimensional transforms of many lines, each by the same fixed plan: the reason why a line's bits never depend on
// who owns it.

#include "core/grid/field.hpp"

#include <complex>
#include <memory>
#include <span>

namespace cascade::core {

using Complex = std::complex<double>;

enum class Direction { forward, backward }; ///< sign of the exponent: -1, +1; neither is scaled

/// Complex transforms of length n across rows: X_k = sum_j x_j exp(-+ 2 pi i j k / n).
/// A set of lines is given by its rows: row j is a contiguous run of the j-th elements of all lines, and rows may lie
/// anywhere in memory (packed, in a message buffer, in a field). Lines are brought in small groups to contiguous
/// scratch, where one FFTW_ESTIMATE plan for a single line does every one of them. Local, not thread-safe (scratch).
class LineFft {
public:
  explicit LineFft(Index n);
  LineFft(LineFft&&) noexcept;
  ~LineFft();
  Index length() const;
  /// Transforms `lines` lines from rows `source` to rows `target` (n pointers each; the two may be the same, otherwise
  /// the source is only read).
  void transform(Direction direction, std::span<Complex* const> source, std::span<Complex* const> target,
                 Index lines) const;
  /// One contiguous line, by the same plan; `in` is only read, and is another place than `out`.
  void line(Direction direction, const Complex* in, Complex* out) const;
  /// Scratch and plan of lines of this length. Local.
  static double memory_bytes(Index n);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Real lines of length n to k = 0..n/2 and back. Even n: a complex transform of length n/2 of the pairs (x_2j,
/// x_2j+1), X_k = E_k + w^k O_k with w = exp(-2 pi i/n), which beats FFTW's estimated real plans; odd n: FFTW's own.
/// Local, not thread-safe (scratch).
class RealLineFft {
public:
  explicit RealLineFft(Index n);
  RealLineFft(RealLineFft&&) noexcept;
  ~RealLineFft();
  void forward(const double* line, Complex* coefficients) const;
  /// line = scale * sum over all k of X_k exp(+2 pi i j k / n); the imaginary parts of the self-conjugate modes are
  /// ignored.
  void backward(const Complex* coefficients, double* line, double scale) const;
  /// Scratch, table of w^k and plan of lines of this length; `both_ways`: each way has a scratch of its own. Local.
  static double memory_bytes(Index n, bool both_ways);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace cascade::core
