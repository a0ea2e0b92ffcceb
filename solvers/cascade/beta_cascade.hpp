#pragma once
// The beta-model cascade: eddies on a fractal set of known dimension, of known roughness.

#include "solvers/parameters.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cascade::solvers {

struct BetaCascadeParameters {
  std::int64_t embedding_dimension = 3;
  std::optional<double> dimension;
  std::optional<double> hurst;
  bool allow_negative_hurst = false;
  std::optional<std::int64_t> points;
  std::optional<std::int64_t> virtual_levels;
  std::string profile = "automatic"; ///< "automatic" | "product" | "oriented"

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  Shape shape() const;
  /// d; default: D - 1/5, the intermittency seen in turbulence (d = 2.8 in D = 3).
  double resolved_dimension() const;
  /// h = 1/3 - (D - d)/3 unless given: constant energy flux, docs/theory.md "The beta model".
  double resolved_hurst() const;
  /// Grid points a side; 0 = no grid. Default 65536, 2048, 256 for D = 1, 2, 3, none above.
  std::int64_t resolved_points() const;
  /// Levels of the point view: j_max + 6.6/zeta_2 (docs/theory.md, "Levels needed"), at least 24, at most 48.
  int resolved_levels() const;
  /// Default: product up to D = 6, oriented above, where a product of windows is zero nearly everywhere (its square
  /// is typically e^(-1.55 D)).
  bool oriented() const;
  /// Children that can be listed: the tree is walked, N counted. Above, cells are asked for one by one
  /// (core::SpineField) and N is theory.
  static constexpr std::int64_t most_listed = 10;
};

/// Number of levels a grid of n points a side can carry: the level-l eddies need n/2^l >= 2 whole points a side.
int grid_levels(std::int64_t points);

/// f(x) = sum over levels l >= 0 and alive cells c of level l of
///        sign_c 2^(-l h) psi_c((x - corner_c) 2^l),  psi_c = v(x_o) prod_(a != o) w(x_a),
/// v, w: theory/cascade/eddy_profile.hpp; profile `oriented`: psi_c = v(x_o) alone, which jumps across the faces of
/// cells (so: no grid view, no structure functions, only aligned dyadic cells, inside which the law is the same). Sign
/// and orientation o uniform and independent. The root cell is alive; each child of an alive cell is alive with
/// probability beta = 2^(d - D). Hence E N_l = 2^(d l) and E f^2 = sum_l 2^(-l (2h + D - d)). Randomness: key(child) =
/// Philox(counter = key(parent), key = child index), 64 bits of the index at a time; alive iff its first word < beta
/// 2^32 (CascadeRules::alive: more bits for small beta); the second word gives the sign, the third the orientation. So
/// the tree is a pure function of (seed, realisation): the same for any rank count, resolution, h, and nested in d (a
/// cell alive at d stays alive at any larger d). Reference: U. Frisch, P.-L. Sulem, M. Nelkin, J. Fluid Mech. 87 (1978)
/// 719; docs/theory.md, "The cascade generator".
class BetaCascade final : public Generator, public GridView, public PointView {
public:
  BetaCascade(const BetaCascadeParameters& parameters, std::uint64_t seed);
  theory::LawPtr law() const override;
  const GridView* grid() const override { return parameters_.resolved_points() > 0 ? this : nullptr; }
  const PointView* points() const override { return this; }
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override;
  core::MemoryParts scratch_memory(const core::Decomposition& decomposition) const override;
  core::MemoryParts expectation_memory(const core::Decomposition& decomposition,
                                       const theory::ExpectedLosses& losses) const override;
  std::shared_ptr<const theory::FiniteSize> family(std::int64_t points, int highest_degree) const override;
  std::shared_ptr<const theory::Expectation> expectation(const core::Decomposition& decomposition,
                                                         const core::Communicator& communicator,
                                                         const theory::ExpectedLosses& losses) const override;
  /// Product profile only; null for an oriented one.
  std::shared_ptr<const theory::Expectation> expectation(int lattice) const override;
  core::PointSample sample(std::uint64_t realisation) const override;
  /// The point view with a given number of levels (tests compare it with the grid).
  core::PointSample sample(std::uint64_t realisation, int levels) const;

private:
  int dimensions() const { return static_cast<int>(parameters_.embedding_dimension); }

  BetaCascadeParameters parameters_;
  std::uint64_t seed_;
};

} // namespace cascade::solvers
