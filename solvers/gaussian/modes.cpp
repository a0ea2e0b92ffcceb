#include "solvers/gaussian/modes.hpp"

#include "core/random/normals.hpp"
#include "core/sums/vector_math.hpp"
#include "core/talk/errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <vector>

namespace cascade::solvers {
namespace {

using core::Index;
using Complex = std::complex<double>;

constexpr core::Stream mode_normals{2};
constexpr Index segment = 4096; // modes of a row done at a time, so that scratch stays small beside long rows

/// Scratch of one segment.
struct Row {
  std::vector<double> amplitude, real, imaginary; // of the factor every component's noise is multiplied by
  std::vector<double> noise;                      // pairs
  explicit Row(Index count)
      : amplitude(static_cast<std::size_t>(count)), real(amplitude.size()), imaginary(amplitude.size()),
        noise(2 * amplitude.size()) {}
};

/// real + i imaginary = scale * amplitude * exp(2 pi i (other + first + i) offset).
CASCADE_CLONES
void phase_row(const double* amplitude, double sum_first, double offset, double scale, int count, double* real,
               double* imaginary) {
  for (int i = 0; i < count; ++i) {
    const auto t = core::vector_math::turn((sum_first + i) * offset);
    real[i] = scale * amplitude[i] * t.cosine;
    imaginary[i] = scale * amplitude[i] * t.sine;
  }
}

CASCADE_CLONES
void multiply_row(const double* noise, const double* real, const double* imaginary, int count, double* out) {
  for (int i = 0; i < count; ++i) {
    out[2 * i] = noise[2 * i] * real[i] - noise[2 * i + 1] * imaginary[i];
    out[2 * i + 1] = noise[2 * i] * imaginary[i] + noise[2 * i + 1] * real[i];
  }
}

/// u_k -> u_k - k (k.u_k)/|k|^2, for k = (k0, k1, first + i); `axis` is the first axis that is there.
void project_row(std::span<Complex* const> u, std::array<double, 3> k, int axis, Index count) {
  for (Index i = 0; i < count; ++i, k[2] += 1) {
    const double square = k[0] * k[0] + k[1] * k[1] + k[2] * k[2];
    if (square == 0)
      continue;
    Complex along = 0;
    for (std::size_t c = 0; c < u.size(); ++c)
      along += k[static_cast<std::size_t>(axis) + c] * u[c][i];
    along /= square;
    for (std::size_t c = 0; c < u.size(); ++c)
      u[c][i] -= k[static_cast<std::size_t>(axis) + c] * along;
  }
}

} // namespace

ModeNoise::ModeNoise(int dimensions, std::uint64_t seed, std::uint64_t realisation)
    : dimensions_(dimensions), realisation_(realisation), rng_(seed, mode_normals) {
  if (realisation >> 30 != 0)
    throw core::Error(core::ExitCode::bad_input, "a Gaussian field has at most 2^30 realisations a seed");
}

// Signed wavenumbers side by side in 64 bits: 21 bits an axis in 3-D, 32 in 2-D; more than a grid can have.
std::uint64_t ModeNoise::index(Index k0, Index k1, Index k2) const {
  const int bits = dimensions_ == 3 ? 21 : 32;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const auto part = [mask](Index k) { return static_cast<std::uint64_t>(k) & mask; };
  if (dimensions_ == 3)
    return part(k0) << 42 | part(k1) << 21 | part(k2);
  return dimensions_ == 2 ? part(k1) << 32 | part(k2) : static_cast<std::uint64_t>(k2);
}

void ModeNoise::row(int component, Index k0, Index k1, Index first, std::span<double> pairs) const {
  const auto sub = static_cast<std::uint32_t>(4 * realisation_ + static_cast<std::uint64_t>(component));
  if (pairs.empty())
    return;
  core::normal_pairs(rng_, index(k0, k1, first), sub, pairs);
  const bool conjugate = k0 < 0 || (k0 == 0 && k1 < 0);
  if (first == 0 && conjugate) {
    core::normal_pairs(rng_, index(-k0, -k1, 0), sub, pairs.first(2));
    pairs[1] = -pairs[1];
  }
}

void fill_modes(core::SpectralField& out, const PowerLawSpectrum& spectrum, const ModeNoise& noise, double scale,
                double offset) {
  const core::Box box = out.box();
  const core::Domain& domain = out.domain();
  Row row(std::min(segment, box.extent(2)));
  std::vector<Complex*> target(static_cast<std::size_t>(out.components()));
  Index done = 0; // modes of the box before this segment
  const auto fill = [&](Index k0, Index k1, Index first, Index count) {
    const bool nyquist = std::max(std::abs(k0), std::abs(k1)) > spectrum.largest();
    const Index kept = nyquist ? 0 : std::clamp<Index>(spectrum.largest() + 1 - first, 0, count);
    const auto size = static_cast<std::size_t>(kept);
    spectrum.amplitudes(static_cast<double>(k0 * k0 + k1 * k1), first, std::span(row.amplitude).first(size));
    phase_row(row.amplitude.data(), static_cast<double>(k0 + k1 + first), offset, scale, static_cast<int>(kept),
              row.real.data(), row.imaginary.data());
    for (int c = 0; c < out.components(); ++c) {
      Complex* modes = target[static_cast<std::size_t>(c)] = out.component(c).data() + done;
      noise.row(c, k0, k1, first, std::span(row.noise).first(2 * size));
      multiply_row(row.noise.data(), row.real.data(), row.imaginary.data(), static_cast<int>(kept),
                   reinterpret_cast<double*>(modes));
      std::fill(modes + kept, modes + count, Complex(0));
    }
    if (out.components() > 1)
      project_row(target, {static_cast<double>(k0), static_cast<double>(k1), static_cast<double>(first)},
                  domain.first_axis(), kept);
    done += count;
  };
  for (Index a = box.begin[0]; a < box.end[0]; ++a)
    for (Index b = box.begin[1]; b < box.end[1]; ++b)
      for (Index first = box.begin[2]; first < box.end[2]; first += segment)
        fill(domain.wavenumber(0, a), domain.wavenumber(1, b), first, std::min(segment, box.end[2] - first));
}

} // namespace cascade::solvers
