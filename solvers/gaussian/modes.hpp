#pragma once
// The Fourier modes of a Gaussian field: noise times amplitude.

#include "core/grid/field.hpp"
#include "core/random/random.hpp"
#include "solvers/gaussian/spectrum.hpp"

#include <cstdint>
#include <span>

namespace cascade::solvers {

/// Complex normals for wave vectors, z_k = conj(z_-k), E|z_k|^2 = 2, a pure function of (seed, realisation, component,
/// k).
class ModeNoise {
public:
  ModeNoise(int dimensions, std::uint64_t seed, std::uint64_t realisation);
  /// Pairs (real, imaginary) for k = (k0, k1, first + i), first >= 0; axes that are not there have k = 0.
  void row(int component, core::Index k0, core::Index k1, core::Index first, std::span<double> pairs) const;

private:
  std::uint64_t index(core::Index k0, core::Index k1, core::Index k2) const;

  int dimensions_;
  std::uint64_t realisation_;
  core::CounterRng rng_;
};

/// Fills this rank's modes of `out` (a field on a grid of `points` a side, as DistributedFft::backward takes them):
///   out_k = scale * z_k * sqrt(spectrum(k)) * exp(2 pi i (k0 + k1 + k2) offset),
/// z: ModeNoise; `offset` is where the first grid point lies on each axis, in units of the box. More than one
/// component: projected on k.u_k = 0. Local.
void fill_modes(core::SpectralField& out, const PowerLawSpectrum& spectrum, const ModeNoise& noise, double scale,
                double offset);

} // namespace cascade::solvers
