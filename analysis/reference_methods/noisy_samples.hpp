#pragma once
// A pedestal of known value: piecewise constant fits to noisy samples of a field.

#include "analysis/reference_methods/measurement_noise.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cascade::analysis {

/// Samples y_i = f(x_i) + sigma z_i, i = 1 .. n, fitted by constants on N pieces of n/N samples; the loss is the mean
/// of (y' - fit)^2 over fresh noise at the same places. Expected:
///   loss = sigma^2 (irreducible) + bias(N) + sigma^2 N/n (variance),   bias = mean of (f - its mean over the piece)^2.
/// One entry a number of pieces, means over the repeats. `irreducible` is half the mean square of the difference of two
/// repeats at the same places; `variance` the scatter of the fits between repeats; `bias` the square of f minus the
/// mean fit, less variance/repeats.
struct NoisyLoss {
  std::int64_t pieces = 0;
  double loss = 0, irreducible = 0, bias = 0, variance = 0;
};

/// Where noise comes from. Experiments whose noise must be independent have different streams; those of one series
/// (several noise levels, several sample sizes) different numbers in it. Never other seeds: seed + 1000 is somebody's.
struct NoiseSource {
  std::uint64_t seed = 1;
  core::Stream stream; ///< `measurement_noise`, or one of its own
  std::uint32_t number = 0;
};

/// `field`: n samples of f, n a power of two times the largest number of pieces; `pieces`: powers of two. Noise of
/// repeat r: normals of block index (which repeats + r) 2 (fit) and one more (test) times n/2, sub-index
/// `noise.number`. Local, pure.
std::vector<NoisyLoss> noisy_losses(std::span<const double> field, double sigma,
                                    const std::vector<std::int64_t>& pieces, std::int64_t repeats,
                                    const NoiseSource& noise, std::uint64_t which);

} // namespace cascade::analysis
