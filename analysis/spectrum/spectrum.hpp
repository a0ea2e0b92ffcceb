#pragma once
// Shell-averaged energy spectrum.

#include "core/grid/distributed_fft.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// E(k) = sum over the modes in shell k, and over the components, of |f_m|^2 / N^2, N the point count, f_m unscaled;
/// for a vector with half of it (kinetic energy), for a scalar without. A mode of m_a waves along the axes a has |k| =
/// (sum (m_a / L_a)^2)^(1/2) and belongs to the shell round(|k| L), L the largest length of the box, so that the shells
/// are spheres whatever the shape; of a cube of side 1 shell k is round(|m|) = k. Every mode of the full spectrum is
/// counted, the corners included, so that sum_k E(k) = <f^2> for a scalar and <|u|^2>/2 for a vector, to roundoff
/// (Parseval). Shells above half the points of an axis (times L / L_a) are incomplete: not for fits; thin boxes leave
/// shells without modes. A field with S_2 ~ r^(2h) has E ~ k^-(2h+1) in any D. Boxes that are not periodic are refused.
struct Spectrum {
  std::vector<double> k;              ///< shell number 0, 1, 2, ... over L: waves per unit of length
  std::vector<double> energy;         ///< E(k), in units of the field squared
  std::vector<double> standard_error; ///< from the scatter of the shell's modes; see below
  std::vector<std::int64_t> modes;    ///< number of modes of the shell, k and -k both counted
  /// Mean of |k| over the modes of the shell: where a fit should put the point. Of a shell without modes: k.
  std::vector<double> mean_wavenumber;
};

/// Collective. The modes k and -k are one sample; shells with fewer than two samples get the error of a Gaussian field,
/// E sqrt(2 / modes). Sums are exact: the same bits for any rank count.
Spectrum spectrum(const core::SpectralField& coefficients, const core::Communicator& communicator);

/// The same of a real field; needs room for one spectral field.
Spectrum spectrum(const core::RealField& field, const core::DistributedFft& fft,
                  const core::Communicator& communicator);

/// First shell of each bin of a drawn or fitted curve, and the end: single shells up to 512, beyond that 32 bins an
/// octave (each stands for the mean over its shells), so that a line of a million points gives a curve one can draw.
std::vector<std::size_t> spectrum_bins(std::size_t shells);

/// The coefficients of a real field; the transform's buffers are gone when they are there. Collective.
core::SpectralField coefficients_of(const core::RealField& field, const core::Communicator& communicator);

/// What coefficients_of() and then spectrum() take beside the field on the rank that needs most. Local.
core::MemoryParts spectrum_memory(const core::Decomposition& decomposition, int components);

} // namespace cascade::analysis
