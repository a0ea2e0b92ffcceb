#pragma once
// A nearly Gaussian field of known roughness in any dimension: random plane waves with a power law of amplitudes.

#include "solvers/fourier/fourier_field.hpp"
#include "solvers/parameters.hpp"
#include "theory/fourier/fourier_band.hpp"

#include <cstdint>
#include <memory>

namespace cascade::solvers {

struct FourierModesParameters {
  std::int64_t embedding_dimension = 3;
  double hurst = 1.0 / 3.0;
  double lowest_wavenumber = 1;
  std::int64_t octaves = 24;
  std::int64_t shells_per_octave = 4;
  std::int64_t modes_per_shell = 4;

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  Shape shape() const;
  /// A band this narrow is an analytic field on all smaller scales.
  bool smooth() const { return octaves <= widest_smooth; }
  /// log2 of the largest wavenumber; 48, all a coordinate resolves, for a smooth band, which has no smaller scales.
  int resolved_levels() const;

  static constexpr std::int64_t widest_smooth = 4, narrowest_rough = 12;
};

/// f(x) = sum_m a_m cos(2 pi (k_m.x + phase_m)),    a_m = c (|k_m|/k_0)^-h,
/// with `modes_per_shell` waves in each of the shells k_0 2^(i/shells_per_octave) <= |k| < k_0 2^((i+1)/...), i = 0 ..
/// octaves * shells_per_octave - 1, k_0 = `lowest_wavenumber` (waves a box side): |k| log-uniform within its shell, the
/// direction uniform on the sphere, the phase uniform. Because a follows the jittered |k| and log |k| is uniform over
/// the whole band, the mean over realisations is the power law S_2 ~ r^2h without ripples; c makes the mean variance 1.
/// The amplitudes are not random, so that realisations scatter less than Gaussian ones; sums of many waves are nearly
/// normal all the same. The field fills its space (d = D) and is not periodic. Noise: jitter and phase of mode m from
/// block (realisation, m), the D normals of its direction from blocks of their own: independent of h. docs/theory.md,
/// "Random Fourier modes".
class FourierModes final : public Generator, public PointView {
public:
  FourierModes(const FourierModesParameters& parameters, std::uint64_t seed);
  theory::LawPtr law() const override;
  const PointView* points() const override { return this; }
  core::PointSample sample(std::uint64_t realisation) const override;
  core::PointSample outline() const override;
  core::MemoryParts sample_memory() const override;
  std::shared_ptr<const FourierField> field(std::uint64_t realisation) const;
  /// Second order of the ensemble, exactly.
  theory::FourierBand band() const;

private:
  int dimensions() const { return static_cast<int>(parameters_.embedding_dimension); }

  FourierModesParameters parameters_;
  std::uint64_t seed_;
};

} // namespace cascade::solvers
