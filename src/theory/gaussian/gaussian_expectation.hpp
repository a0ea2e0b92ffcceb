#pragma once
// What a Gaussian field with a power-law spectrum must show on a finite grid: exact expectations as sums over its
// modes.

#include <cstdint>
#include <optional>
#include <vector>

namespace cascade::theory {

/// A quantity of the form sum over modes of P(k) W(k), with the sum over the modes of a shell of |k| done once and for
/// all: what remains for each h is a sum over shells. Belongs to the PowerLawBand that made it.
struct ShellWindow {
  std::vector<double> sum; ///< [shell] sum of W over the shell's modes, both signs of k
};

/// Modes of a field P(k) = C |k|^-(2h+D) on a grid of `points` a side: all integer k != 0 with low <= |k| <= high and
/// |k_a| < m points/2, m = `oversampling` (the field is made on m times as many points a side and every m-th is kept:
/// a wave on the coarse grid then has the power of every fine mode that looks like it). docs/theory.md section 6.1.
/// Shells are a thousandth wide in |k| (one integer |k|^2 each below 512), so sums over shells are exact to 1e-5.
/// Immutable value; sums run over one of the 2^D D! sectors that mirror and exchange of axes map onto each other.
class PowerLawBand {
public:
  PowerLawBand(int dimensions, std::int64_t points, std::optional<double> low_cutoff = {},
               std::optional<double> high_cutoff = {}, std::int64_t oversampling = 1);

  /// Mean-square error of the least-squares polynomial of total degree <= `degree` (0, 1, 2) on aligned cells of `side`
  /// grid points a side (side divides points), mean over points, cells and fields:
  ///   W(k) = 1 - sum_(|a| <= degree) prod_i |(1/s) sum_x g_(a_i)(x) exp(2 pi i k_i x/points)|^2,
  /// g_a the Gram polynomials, orthonormal on s equidistant points. Computed as a sum of positive terms: no
  /// cancellation, however smooth the field.
  ShellWindow cell_error(std::int64_t side, int degree) const;
  /// Second-order structure function for a separation of `separation` grid points along an axis (mean over the axes; by
  /// symmetry each has this expectation): W(k) = 2 (1 - cos(2 pi k_1 separation/points)).
  ShellWindow structure_function(std::int64_t separation) const;
  /// Of a solenoidal vector, as exact_vector_structure_function() below.
  ShellWindow vector_structure_function(std::int64_t separation, bool longitudinal) const;

  /// The same sums with the power of each mode at one h, mode by mode: to roundoff, for C = 1.
  double exact_variance(double hurst) const;
  double exact_cell_error(std::int64_t side, int degree, double hurst) const;
  double exact_structure_function(std::int64_t separation, double hurst) const;
  /// Of a solenoidal vector whose modes are projected on k.u_k = 0, power P(k) before: S_2 of the component along the
  /// separation (longitudinal) or of one across it. W = 2 (1 - cos) (1 - k_c^2/|k|^2), mean over the axes.
  double exact_vector_structure_function(std::int64_t separation, bool longitudinal, double hurst) const;
  /// Power by shell round(|k|) of the wave that the coarse grid sees, shells 0 .. round(sqrt(D) points/2).
  std::vector<double> exact_spectrum(double hurst) const;

  /// sum_k |k|^-(2h+D): the variance of the field for C = 1.
  double variance(double hurst) const { return expectation(everything_, hurst); }
  /// sum_k |k|^-(2h+D) W(k) for C = 1; divided by variance(hurst) it belongs to the field of unit variance.
  double expectation(const ShellWindow& window, double hurst) const;
  /// 2 sum_k P(k)^2 W(k) W'(k) over both signs of k, for C = 1 (|f_k|^2 of a complex normal mode has variance P^2, and
  /// k and -k are one mode): the covariance of two such quantities measured on one field, when they do not couple
  /// different modes. Exact for structure functions over all points; for cell errors only a part, see
  /// cell_error_covariance().
  double diagonal_covariance(const ShellWindow& a, const ShellWindow& b, double hurst) const;

  int dimensions() const { return dimensions_; }
  std::int64_t points() const { return points_; }
  /// Largest wavenumber along an axis.
  std::int64_t largest() const { return (oversampling_ * points_ - 1) / 2; }
  /// |k|^-(2h+D), or zero outside the band.
  double power(double wavenumber_squared, double hurst) const;

private:
  template <class RowWindow>
  ShellWindow sum_over_modes(const RowWindow& row_window) const;
  template <class RowWindow>
  double exact_sum(const RowWindow& row_window, double hurst) const;
  template <class Visit>
  void for_each_row(const Visit& visit) const;
  auto cell_window(std::int64_t side, int degree) const;
  auto increment_window(std::int64_t separation) const;
  auto vector_increment_window(std::int64_t separation, bool longitudinal) const;
  std::int64_t folded(std::int64_t k) const; ///< the wavenumber that the coarse grid takes k for, without its sign
  std::vector<double> increments(std::int64_t separation) const; ///< [k] 2 (1 - cos) along an axis

  int dimensions_;
  std::int64_t points_;
  double low_squared_, high_squared_;
  std::int64_t oversampling_;
  ShellWindow everything_;             // W = 1: number of modes
  std::vector<double> log_wavenumber_; // mean ln |k| of each shell
};

} // namespace cascade::theory
