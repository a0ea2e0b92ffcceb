#include "analysis/spectrum/spectrum.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;

struct Shells {
  std::vector<ExactSum> energy, square, wavenumber;
  std::vector<std::int64_t> modes;
  explicit Shells(std::size_t count) : energy(count), square(count), wavenumber(count), modes(count, 0) {}
};

/// |k| L of modes, L the largest length of the box. All ratios are one for a cube.
class ScaledWavenumber {
public:
  explicit ScaledWavenumber(const core::Domain& domain) : domain_(domain) {
    for (int axis = domain.first_axis(); axis < 3; ++axis)
      ratio_[static_cast<std::size_t>(axis)] = domain.longest() / domain.length(axis);
  }
  double operator()(Index i, Index j, Index k) const {
    const double x = along(0, i), y = along(1, j), z = along(2, k);
    return std::sqrt(x * x + y * y + z * z);
  }
  double corner() const { return (*this)(domain_.points(0) / 2, domain_.points(1) / 2, domain_.points(2) / 2); }

private:
  double along(int axis, Index i) const {
    return static_cast<double>(domain_.wavenumber(axis, i)) * ratio_[static_cast<std::size_t>(axis)];
  }
  const core::Domain& domain_;
  std::array<double, 3> ratio_{1, 1, 1};
};

std::size_t shell_count(const core::Domain& domain) {
  constexpr double most = 1 << 18; // three exact sums each
  const double corner = ScaledWavenumber(domain).corner();
  int shortest = domain.first_axis();
  for (int axis = shortest; axis < 3; ++axis)
    if (domain.spacing(axis) < domain.spacing(shortest))
      shortest = axis;
  if (!(corner < most))
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("the spectrum would have {:.3g} shells, one a wave of the longest side {}: axis {} is "
                    "spaced too finely ({}) beside it; check the lengths of the axes",
                    corner, domain.longest(), core::Domain::axis_name(shortest), domain.spacing(shortest)));
  return static_cast<std::size_t>(std::lround(corner)) + 1;
}

/// |f_k|^2 / N^2 of the local mode `at`, half of it for a vector, summed over the components.
double mode_energy(const core::SpectralField& f, std::size_t at) {
  const auto points = static_cast<double>(f.domain().total_points());
  double energy = 0;
  for (int c = 0; c < f.components(); ++c)
    energy += std::norm(f.component(c)[at]);
  return energy * ((f.components() > 1 ? 0.5 : 1.0) / (points * points));
}

/// The real transform keeps k_2 >= 0 only: a mode with 0 < k_2 < n/2 stands for itself and its conjugate.
int copies_of(const core::Domain& domain, Index last) {
  return last == 0 || 2 * last == domain.points(2) ? 1 : 2;
}

void add_modes(Shells& shells, const core::SpectralField& f) {
  const core::Domain& domain = f.domain();
  const core::Box& box = f.box();
  const ScaledWavenumber absolute(domain);
  std::size_t at = 0;
  for (Index i = box.begin[0]; i < box.end[0]; ++i)
    for (Index j = box.begin[1]; j < box.end[1]; ++j)
      for (Index k = box.begin[2]; k < box.end[2]; ++k, ++at) {
        const double energy = mode_energy(f, at), length = absolute(i, j, k);
        const auto shell = static_cast<std::size_t>(std::lround(length));
        const int copies = copies_of(domain, k);
        shells.energy[shell].add(copies * energy);
        shells.square[shell].add(copies * energy * energy);
        shells.wavenumber[shell].add(copies * length);
        shells.modes[shell] += copies;
      }
}

// The sum of m/2 independent samples, two equal modes each, whose scatter is measured.
double error_of_sum(double sum, double sum_of_squares, double modes) {
  const double samples = modes / 2;
  if (samples < 2)
    return sum * std::sqrt(2 / modes);
  const double variance =
      std::fmax(sum_of_squares / modes - (sum / modes) * (sum / modes), 0.0) * samples / (samples - 1);
  return modes * std::sqrt(variance / samples);
}

/// D = 1: a shell is one wave and its conjugate, there is nothing to add up, and half a million shells would each need
/// an exact sum. Rank 0 has all modes.
Spectrum single_line(const core::SpectralField& f, const core::Communicator& communicator) {
  const core::Domain& domain = f.domain();
  Spectrum result;
  result.energy.assign(static_cast<std::size_t>(domain.points(2) / 2 + 1), 0.0);
  for (auto* column : {&result.k, &result.standard_error, &result.mean_wavenumber})
    column->reserve(result.energy.size());
  result.modes.reserve(result.energy.size());
  for (std::size_t k = 0; k < static_cast<std::size_t>(f.box().size()); ++k)
    result.energy[k] = copies_of(domain, static_cast<Index>(k)) * mode_energy(f, k);
  communicator.broadcast(std::as_writable_bytes(std::span(result.energy)), 0);
  for (std::size_t k = 0; k < result.energy.size(); ++k) {
    result.k.push_back(static_cast<double>(k) / domain.length(2));
    result.modes.push_back(copies_of(domain, static_cast<Index>(k)));
    result.standard_error.push_back(error_of_sum(result.energy[k], 0, static_cast<double>(result.modes[k])));
    result.mean_wavenumber.push_back(result.k.back());
  }
  return result;
}

} // namespace

Spectrum spectrum(const core::SpectralField& coefficients, const core::Communicator& communicator) {
  const core::Domain& domain = coefficients.domain();
  domain.require_periodic("the spectrum");
  if (domain.dimensions() == 1)
    return single_line(coefficients, communicator);
  const std::size_t count = shell_count(domain);
  Shells shells(count);
  add_modes(shells, coefficients);
  communicator.sum(std::span<ExactSum>(shells.energy));
  communicator.sum(std::span<ExactSum>(shells.square));
  communicator.sum(std::span<ExactSum>(shells.wavenumber));
  communicator.sum(std::span<std::int64_t>(shells.modes));
  Spectrum result;
  for (std::size_t k = 0; k < count; ++k) {
    const auto modes = static_cast<double>(shells.modes[k]);
    const double energy = shells.energy[k].value();
    result.k.push_back(static_cast<double>(k) / domain.longest());
    result.energy.push_back(energy);
    result.modes.push_back(shells.modes[k]);
    result.standard_error.push_back(modes > 0 ? error_of_sum(energy, shells.square[k].value(), modes) : 0.0);
    result.mean_wavenumber.push_back(modes > 0 ? shells.wavenumber[k].value() / modes / domain.longest()
                                               : result.k.back());
  }
  return result;
}

Spectrum spectrum(const core::RealField& field, const core::DistributedFft& fft,
                  const core::Communicator& communicator) {
  core::SpectralField coefficients(field.decomposition(), field.rank(), field.components());
  fft.forward(field, coefficients);
  return spectrum(coefficients, communicator);
}

core::SpectralField coefficients_of(const core::RealField& field, const core::Communicator& communicator) {
  const core::DistributedFft fft(field.decomposition(), communicator);
  core::SpectralField coefficients(field.decomposition(), field.rank(), field.components());
  fft.forward(field, coefficients);
  return coefficients;
}

core::MemoryParts spectrum_memory(const core::Decomposition& decomposition, int components) {
  const core::Domain& domain = decomposition.domain();
  double modes = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank)
    modes = std::max(modes, static_cast<double>(decomposition.spectral_box(rank).size()));
  const core::MemoryPart coefficients{"modes of the field", 2 * sizeof(double) * components * modes};
  constexpr double columns = 5, of_a_line = columns * sizeof(double), exact_sums = 3 * sizeof(ExactSum);
  const double shells = ScaledWavenumber(domain).corner() + 1;
  const core::MemoryPart sums{"shells of the spectrum",
                              shells * (of_a_line + (domain.dimensions() > 1 ? exact_sums : 0))};
  return core::in_turn(core::together({coefficients}, core::DistributedFft::memory(decomposition, false)),
                       {coefficients, sums});
}

std::vector<std::size_t> spectrum_bins(std::size_t shells) {
  std::vector<std::size_t> bins;
  for (std::size_t k = 0; k < shells; k = k < 512 ? k + 1 : std::max(k + 1, k + k / 46))
    bins.push_back(k);
  bins.push_back(shells);
  return bins;
}

} // namespace cascade::analysis
