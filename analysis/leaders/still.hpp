#pragma once
// Leaders of flat and of smooth stretches, which no exponent of a rough field is behind.

#include <cstddef>
#include <span>
#include <vector>

namespace cascade::analysis {

/// Where a field does not vary its wavelet coefficients are rounding, and where it is smooth (a cell that died of a
/// cascade) they fall as fast as N vanishing moments let them, L ~ s^N. `rounding`: of the field (rounding_of).
struct StillLeaders {
  double rounding = 0;
  int moments = 0; ///< N

  bool flat(double leader) const { return !(leader > rounding); }
  /// Which of the leaders of one octave are flat, or lie under leaders of three octaves above (`coarse`, eight cells of
  /// it a side in one) that are 2^(3 (N - 1/4)) times as large: of a rough field of h < N - 1/2 fewer than one in 1e5
  /// by chance. Row-major, `side` cells along each of 1 to 3 axes; `coarse` empty: flat ones alone.
  std::vector<bool> among(std::span<const double> leaders, std::span<const double> coarse, int dimensions,
                          std::size_t side) const;
};

} // namespace cascade::analysis
