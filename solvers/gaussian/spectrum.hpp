#pragma once
// The power-law spectrum of a Gaussian field, row by row.

#include "core/grid/domain.hpp"
#include "core/ranks/communicator.hpp"

#include <optional>
#include <span>

namespace cascade::solvers {

/// |k|^-(2h+D) for integer k != 0 with low <= |k| <= high and |k_a| < n/2 on every axis, zero otherwise; not
/// normalised. Immutable value.
class PowerLawSpectrum {
public:
  PowerLawSpectrum(int dimensions, core::Index points, double hurst, std::optional<double> low_cutoff,
                   std::optional<double> high_cutoff);
  /// Largest wavenumber along an axis: all below the Nyquist wavenumber n/2.
  core::Index largest() const { return (points_ - 1) / 2; }
  /// out[i] = square root of the spectrum at |k|^2 = other_squared + (first + i)^2, where first + i >= 0 is one
  /// component of k and other_squared the sum of the squares of the others (which must be at most largest()).
  void amplitudes(double other_squared, core::Index first, std::span<double> out) const;
  /// Sum of the spectrum over all k. Collective; the same bits on every rank, whatever their number.
  double total(const core::Communicator& communicator) const;

private:
  double row_total(core::Index a, core::Index b, core::Index last, std::span<double> row) const;

  int dimensions_;
  core::Index points_;
  double exponent_; // amplitude = (|k|^2)^exponent
  double low_squared_, high_squared_;
};

} // namespace cascade::solvers
