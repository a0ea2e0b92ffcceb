#pragma once
// Weierstrass's function on a periodic box: one wave an octave along every axis, rough everywhere.

#include "solvers/parameters.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cascade::solvers {

struct WeierstrassParameters {
  std::int64_t embedding_dimension = 3;
  double hurst = 1.0 / 3.0;
  std::optional<std::int64_t> points;
  std::optional<std::int64_t> octaves;

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  Shape shape() const;
  /// Grid points a side; default 65536, 1024, 128 for D = 1, 2, 3.
  std::int64_t resolved_points() const;
  /// Default: all the grid resolves, 2^(octaves - 1) < n/2.
  int resolved_octaves() const;
};

/// f(x) = sqrt(2/(D V)) sum_a sum_l 2^(-l h) cos 2 pi (2^l x_a + phi_al),   l = 0 .. L-1,   V = sum_l 2^(-2 l h),
/// L = `octaves`, h = `hurst`, a over the D axes, x_a at cell centres (i + 1/2)/n, phases phi uniform and independent:
/// docs/theory.md (17d). <f^2> = 1 in every realisation. Every wave lies on the grid, so that nothing is folded; what
/// is missing is the variance of the octaves from L on. The sum over l is rough with exponent h at every point, h <= 1;
/// oblique increments are sums of D along the axes; d = D. Its spectrum is lines, one an octave, and promises no slope.
/// Because 2^l + 2^l = 2^(l+1), means over one realisation depend on its phases for all but the second order:
/// expectations are means over realisations. Noise: phi_al from block (realisation, a, l): the same large scales at any
/// resolution, the same phases for any h. References: K. Weierstrass (1872), Mathematische Werke 2, 71; G. H. Hardy,
/// Trans. Am. Math. Soc. 17 (1916) 301; M. V. Berry, Z. V. Lewis, Proc. R. Soc. A 370 (1980) 459.
class Weierstrass final : public Generator, public GridView {
public:
  Weierstrass(const WeierstrassParameters& parameters, std::uint64_t seed);
  theory::LawPtr law() const override;
  const GridView* grid() const override { return this; }
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override;
  core::MemoryParts scratch_memory(const core::Decomposition& decomposition) const override;
  std::shared_ptr<const theory::FiniteSize> family(std::int64_t points, int highest_degree) const override;
  /// S_2, the spectrum and the mean-square losses, and the fourth and sixth order increments; (17e) to (17g).
  std::shared_ptr<const theory::Expectation> expectation(const core::Decomposition& decomposition,
                                                         const core::Communicator& communicator,
                                                         const theory::ExpectedLosses& losses) const override;

private:
  /// The sum over l along one axis at the points begin .. end-1 of n.
  std::vector<double> line(int axis, std::uint64_t realisation, core::Index n, core::Index begin,
                           core::Index end) const;

  WeierstrassParameters parameters_;
  std::uint64_t seed_;
};

} // namespace cascade::solvers
