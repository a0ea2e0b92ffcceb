#pragma once
// Gaussian random fields with a power-law spectrum, by Fourier synthesis.

#include "solvers/parameters.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cascade::solvers {

struct GaussianParameters {
  std::int64_t embedding_dimension = 3;
  std::optional<double> dimension; ///< accepted for symmetry with other generators; must be D
  std::optional<std::int64_t> points;
  double hurst = 1.0 / 3.0;
  std::string components = "scalar"; ///< "scalar" | "vector"
  std::optional<double> low_cutoff;
  std::optional<double> high_cutoff;
  std::int64_t oversampling = 1;

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  Shape shape() const; ///< default realisations: 16 in D = 1
  /// Grid points a side; default 2^20, 4096, 256 for D = 1, 2, 3.
  std::int64_t resolved_points() const;
  /// Points a side of the grid the field is made on: oversampling times as many.
  std::int64_t fine_points() const { return oversampling * resolved_points(); }
  int component_count() const { return components == "vector" ? static_cast<int>(embedding_dimension) : 1; }
};

/// f(x) = sum_k f_k exp(2 pi i k.x) over integer wavenumbers k, sampled at the cell centres x_i = (i + 1/2)/n, with
/// independent complex normal f_k = conj(f_-k) and
///   E|f_k|^2 = P(k) = |k|^-(2h+D) / sum_k |k|^-(2h+D),    low_cutoff <= |k| <= high_cutoff,  k != 0,
/// h = `hurst`, D = `embedding_dimension`; docs/theory.md, "Exact finite-size expectation". The sum runs over all modes
/// of the fine grid of n m points a side, m = `oversampling`, but its Nyquist modes (any |k_a| = n m/2), which are
/// zero. So the variance of the field is expected to be 1 before every m-th point is kept (which changes it by nothing:
/// decimation folds modes, it loses none). Vector: one scalar of that spectrum a component, projected on k.u_k = 0 and
/// scaled by sqrt(D/(D-1)): E u_a^2 = 1 for each component; component c points along the c-th axis that is there.
/// Noise: two normals of block (k, 4 realisation + component), numbered by the signed wavenumber: the same large scales
/// at any resolution and any oversampling, the same noise for any h; of the pair k, -k with last component 0 the one
/// whose first non-zero component is positive is drawn, the other is its conjugate.
class Gaussian final : public Generator, public GridView {
public:
  Gaussian(const GaussianParameters& parameters, std::uint64_t seed); ///< throws Error on what cannot be
  theory::LawPtr law() const override;
  const GridView* grid() const override { return this; }
  /// D = 1: the whole field is on rank 0 of `communicator`; spread realisations over ranks with Communicator::self().
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override;
  /// Spectral field and transform buffers; with oversampling those of the fine grid, and the fine field.
  core::MemoryParts scratch_memory(const core::Decomposition& decomposition) const override;
  /// Scalar fields only; null for vectors.
  std::shared_ptr<const theory::FiniteSize> family(std::int64_t points, int highest_degree) const override;
  std::shared_ptr<const theory::Expectation> expectation(const core::Decomposition& decomposition,
                                                         const core::Communicator& communicator,
                                                         const theory::ExpectedLosses& losses) const override;
  core::MemoryParts expectation_memory(const core::Decomposition& decomposition,
                                       const theory::ExpectedLosses& losses) const override;

private:
  int dimensions() const { return static_cast<int>(parameters_.embedding_dimension); }
  int components() const { return parameters_.component_count(); }

  GaussianParameters parameters_;
  std::uint64_t seed_;
};

} // namespace cascade::solvers
