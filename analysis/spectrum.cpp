#include "analysis/spectrum.hpp"

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

double absolute(const core::Domain& domain, Index i, Index j, Index k) {
  const auto x = static_cast<double>(domain.wavenumber(i)), y = static_cast<double>(domain.wavenumber(j)),
             z = static_cast<double>(domain.wavenumber(k));
  return std::sqrt(x * x + y * y + z * z);
}

std::size_t shell_count(const core::Domain& domain) {
  const double corner = static_cast<double>(domain.points() / 2) * std::sqrt(static_cast<double>(domain.dimensions()));
  return static_cast<std::size_t>(std::lround(corner)) + 1;
}

// The real transform keeps k_2 >= 0 only: a mode with 0 < k_2 < n/2 stands for itself and its conjugate.
void add_modes(Shells& shells, const core::SpectralField& f) {
  const core::Domain& domain = f.domain();
  const core::Box& box = f.box();
  const double points = static_cast<double>(domain.total_points());
  const double scale = (f.components() > 1 ? 0.5 : 1.0) / (points * points);
  std::size_t at = 0;
  for (Index i = box.begin[0]; i < box.end[0]; ++i)
    for (Index j = box.begin[1]; j < box.end[1]; ++j)
      for (Index k = box.begin[2]; k < box.end[2]; ++k, ++at) {
        double energy = 0;
        for (int c = 0; c < f.components(); ++c)
          energy += std::norm(f.component(c)[at]);
        energy *= scale;
        const double length = absolute(domain, i, j, k);
        const auto shell = static_cast<std::size_t>(std::lround(length));
        const int copies = k == 0 || 2 * k == domain.points() ? 1 : 2;
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

} // namespace

namespace {

/// D = 1 on one rank: a shell is one wave and its conjugate, there is nothing to add up.
Spectrum single_line(const core::SpectralField& f) {
  const core::Domain& domain = f.domain();
  const auto points = static_cast<double>(domain.points());
  Spectrum result;
  for (Index k = 0; k <= domain.points() / 2; ++k) {
    const int copies = k == 0 || 2 * k == domain.points() ? 1 : 2;
    const double energy = copies * std::norm(f.component(0)[static_cast<std::size_t>(k)]) / (points * points);
    result.k.push_back(static_cast<double>(k));
    result.energy.push_back(energy);
    result.modes.push_back(copies);
    result.standard_error.push_back(error_of_sum(energy, 0, copies));
    result.mean_wavenumber.push_back(static_cast<double>(k));
  }
  return result;
}

} // namespace

Spectrum spectrum(const core::SpectralField& coefficients, const core::Communicator& communicator) {
  if (coefficients.domain().dimensions() == 1 && communicator.size() == 1)
    return single_line(coefficients);
  const std::size_t count = shell_count(coefficients.domain());
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
    result.k.push_back(static_cast<double>(k));
    result.energy.push_back(energy);
    result.modes.push_back(shells.modes[k]);
    result.standard_error.push_back(modes > 0 ? error_of_sum(energy, shells.square[k].value(), modes) : 0.0);
    result.mean_wavenumber.push_back(modes > 0 ? shells.wavenumber[k].value() / modes : static_cast<double>(k));
  }
  return result;
}

Spectrum spectrum(const core::RealField& field, const core::DistributedFft& fft,
                  const core::Communicator& communicator) {
  core::SpectralField coefficients(field.decomposition(), field.rank(), field.components());
  fft.forward(field, coefficients);
  return spectrum(coefficients, communicator);
}

} // namespace cascade::analysis
