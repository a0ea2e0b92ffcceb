#pragma once
// What an isotropic velocity shows along the axes of the periodic box it lives in.

#include "analysis/sums/block_table.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstddef>
#include <vector>

namespace cascade::analysis {

/// A periodic box has few waves as long as itself, along few directions, and increments along its axes see that at
/// every r: of a solenoidal field whose waves k have energies that depend on |k| alone, in random directions across k,
///
///   S_L(r) = 1/(D - 1) sum_k e(k) (1 - k_a^2/k^2) 2 (1 - cos(2 pi k_a r))      (mean over the axes a)
///   S_T(r) = 1/(D - 1) sum_k e(k) (1 - (1 - k_a^2/k^2)/(D - 1)) 2 (1 - cos(2 pi k_a r))
///
/// and S_T/(S_L + r S_L'/(D - 1)), one in unbounded space, is 1.02 to 1.3 for r up to a quarter of the box. (Averaged
/// over all directions of r it is one for every solenoidal field, isotropic or not, and tells nothing.) e(k) is the
/// field's own: its energies in bands of |k|, one band a length of k below 3.5 waves of the longest side L, one wave
/// wide beyond, within which the energy of a wave follows the power of |k| between the neighbouring bands.
/// docs/theory.md (18b).
class IsotropicBox {
public:
  /// Second orders at r, per unit of energy in each band. `energy`: by band, for the powers within them.
  IsotropicBox(const core::Domain& domain, const std::vector<double>& energy, const std::vector<double>& r);
  struct Increments {
    std::vector<double> along, across;
  };
  Increments increments(const std::vector<double>& energy) const;

  /// Whether the box is one that this is about: periodic along all of 2 or 3 axes, the same spacing along them.
  static bool suits(const core::Domain& domain);

private:
  std::size_t lengths_;
  std::vector<double> along_, across_; // [band][r]
};

/// sum over the components of |u_k|^2 by band of |k|: one block, x = number of the band, the sum over bands is the
/// variance times the components. Exact sums: the same bits at any number of ranks. Collective.
BlockTable wave_energies(const core::SpectralField& velocity, const core::Communicator& communicator);

/// Squared error of f = sum_i (along_i S_L(r_i) + across_i S_T(r_i)) about the same of an isotropic field with these
/// energies: waves k and -k are one sample, and all pairs are uncorrelated in a homogeneous field, so that it is the
/// sum of the squares of what each adds by its energy (against that of its band) and by its direction. Of intermittent
/// fields an approximation. Rows: the square, and the sum of fourth powers (for the number of samples that matter).
BlockTable wave_scatter(const core::SpectralField& velocity, const core::Communicator& communicator,
                        const std::vector<double>& energy, const std::vector<double>& r,
                        const std::vector<double>& along, const std::vector<double>& across);
/// Of both, the coefficients included.
core::MemoryParts waves_memory(const core::Decomposition& decomposition, int components);

} // namespace cascade::analysis
