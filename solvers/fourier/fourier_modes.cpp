#include "solvers/fourier/fourier_modes.hpp"

#include "core/random/normals.hpp"
#include "theory/beta_law.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::solvers {
namespace {

constexpr core::Stream wave_draws{8};      // jitter, phase and direction of each wave
constexpr double highest_allowed = 0x1p40; // phases are then good to 2^-13 turns times sqrt(D)
constexpr double smooth_hurst = 10;        // stands for a field that has every derivative

} // namespace

void FourierModesParameters::declare(core::ParameterVisitor& v) {
  v.integer("embedding_dimension", embedding_dimension, {1, 1024},
            {"1", "D, dimension of the unit cube; the field fills it: d = D"});
  v.real("hurst", hurst, {0.05, 2.5}, {"1", "h, Hurst exponent: a wave of wavenumber k has amplitude k^-h"});
  v.real("lowest_wavenumber", lowest_wavenumber, {0.01, 1e6},
         {"waves a box side", "lower end of the band of wavenumbers"});
  v.integer("octaves", octaves, {1, 46},
            {"1", "width of the band in factors of two: at least 12 for a power law, at most 4 for a smooth "
                  "(band-limited) field"});
  v.integer("shells_per_octave", shells_per_octave, {1, 64}, {"1", "wavenumber shells per factor of two"});
  v.integer("modes_per_shell", modes_per_shell, {1, 4096}, {"1", "random waves in each shell"});
}

int FourierModesParameters::resolved_levels() const {
  if (smooth())
    return 48;
  return static_cast<int>(std::floor(std::log2(lowest_wavenumber) + static_cast<double>(octaves)));
}

Shape FourierModesParameters::shape() const {
  Shape shape;
  shape.dimensions = static_cast<int>(embedding_dimension);
  shape.levels = resolved_levels();
  shape.scattered = true;
  return shape;
}

void FourierModesParameters::validate(core::Problems& problems) const {
  if (octaves > widest_smooth && octaves < narrowest_rough)
    problems.add("octaves", fmt::format("{} octaves are neither a power law nor a smooth field; allowed: 1 to {} "
                                        "(smooth on all smaller scales) or at least {}",
                                        octaves, widest_smooth, narrowest_rough));
  else if (!smooth() && resolved_levels() < 10)
    problems.add("lowest_wavenumber",
                 fmt::format("the band ends at {:.3g} waves a box side, hardly any of it inside the box; allowed: at "
                             "least 1024, from lowest_wavenumber * 2^octaves",
                             std::ldexp(lowest_wavenumber, static_cast<int>(octaves))));
  if (std::ldexp(lowest_wavenumber, static_cast<int>(octaves)) > highest_allowed)
    problems.add("octaves", fmt::format("the band ends at 2^{:.1f} waves a box side, beyond the precision of a phase; "
                                        "allowed: at most 2^40, from lowest_wavenumber * 2^octaves",
                                        std::log2(lowest_wavenumber) + static_cast<double>(octaves)));
  const std::int64_t numbers = octaves * shells_per_octave * modes_per_shell * embedding_dimension;
  if (numbers > std::int64_t{1} << 27)
    problems.add("modes_per_shell", fmt::format("{} waves in D = {} take more than a gigabyte; allowed: octaves * "
                                                "shells_per_octave * modes_per_shell * D up to 2^27",
                                                octaves * shells_per_octave * modes_per_shell, embedding_dimension));
}

FourierModes::FourierModes(const FourierModesParameters& parameters, std::uint64_t seed)
    : parameters_(parameters), seed_(seed) {}

theory::LawPtr FourierModes::law() const {
  const auto D = static_cast<double>(parameters_.embedding_dimension);
  if (parameters_.smooth())
    return std::make_shared<theory::BetaLaw>(
        dimensions(), D, smooth_hurst,
        fmt::format("random Fourier modes in a band of {} octaves: analytic, h = {:g} stands for every derivative",
                    parameters_.octaves, smooth_hurst));
  return std::make_shared<theory::BetaLaw>(dimensions(), D, parameters_.hurst, "random Fourier modes, amplitude k^-h");
}

theory::FourierBand FourierModes::band() const {
  return {dimensions(), parameters_.hurst, parameters_.lowest_wavenumber, static_cast<int>(parameters_.octaves),
          static_cast<int>(parameters_.shells_per_octave)};
}

std::shared_ptr<const FourierField> FourierModes::field(std::uint64_t realisation) const {
  const auto d = static_cast<std::size_t>(parameters_.embedding_dimension);
  const auto shells = static_cast<std::size_t>(parameters_.octaves * parameters_.shells_per_octave);
  const auto each = static_cast<std::size_t>(parameters_.modes_per_shell);
  const core::CounterRng rng(seed_, wave_draws);
  const double unit = std::sqrt(2 / (static_cast<double>(shells * each) * band().mean_square()));
  std::vector<FourierMode> modes(shells * each);
  std::vector<double> normals(d + d % 2);
  for (std::size_t m = 0; m < modes.size(); ++m) {
    const std::uint64_t index = realisation << 40 | static_cast<std::uint64_t>(m) << 10; // D/2 <= 512 blocks a mode
    const core::Block draw = rng.block(index, 0);
    const double position = (static_cast<double>(m / each) + core::uniform(draw[0], draw[1])) /
                            static_cast<double>(parameters_.shells_per_octave);
    core::normal_pairs(rng, index, 1, normals);
    double square = 0;
    for (std::size_t a = 0; a < d; ++a)
      square += normals[a] * normals[a];
    const double scale = parameters_.lowest_wavenumber * std::exp2(position) / std::sqrt(square);
    FourierMode& mode = modes[m];
    mode.phase = core::uniform(draw[2], draw[3]);
    mode.amplitude = unit * std::exp2(-parameters_.hurst * position);
    mode.wavevector.resize(d);
    for (std::size_t a = 0; a < d; ++a)
      mode.wavevector[a] = scale * normals[a];
  }
  return std::make_shared<FourierField>(dimensions(), modes);
}

core::PointSample FourierModes::sample(std::uint64_t realisation) const {
  return {field(realisation)};
}

core::PointSample FourierModes::outline() const {
  return {std::make_shared<FourierField>(dimensions(), std::vector<FourierMode>())};
}

/// Each wave once as drawn and once as the kernel wants it.
core::MemoryParts FourierModes::sample_memory() const {
  constexpr double heap_block = 16;
  const double waves =
      static_cast<double>(parameters_.octaves * parameters_.shells_per_octave * parameters_.modes_per_shell);
  const double wave = sizeof(double) * static_cast<double>(parameters_.embedding_dimension);
  return {{"waves as drawn", waves * (sizeof(FourierMode) + wave + heap_block)},
          {"waves of the field", waves * (wave + 2 * sizeof(double))}};
}

} // namespace cascade::solvers
