#pragma once
// Wavelet coefficients of a periodic cube and their leaders.

#include <cstddef>
#include <vector>

namespace cascade::analysis {

/// One octave: cells of 2^octave points a side, row-major, `side` of them along each axis.
struct WaveletOctave {
  std::size_t side = 0;
  std::vector<double> largest; ///< of |d| over the 2^D - 1 wavelets of a cell
  std::vector<double> power;   ///< sum over them of |d|^p; empty without p
};

/// Octaves 1, 2, ... of the orthogonal Daubechies transform with so many vanishing moments of n^D values (D = 1, 2, 3,
/// n a power of two, row-major), periodic; tensor products of the line's filters, all axes halved together. |d| is
/// normalised as functions are, by 2^(-D octave/2). Local.
std::vector<WaveletOctave> wavelet_octaves(std::vector<double> values, int dimensions, std::size_t n, int moments,
                                           double p);

/// Leaders by octave, as many as coefficients: L = max of |d| over the 3^D cells about a cell and everything finer
/// below them; with p > 0 (sum over the same of 2^(-D (octave - finer)) |d|^p)^(1/p).
std::vector<std::vector<double>> leaders_of(const std::vector<WaveletOctave>& octaves, int dimensions, double p);

} // namespace cascade::analysis
