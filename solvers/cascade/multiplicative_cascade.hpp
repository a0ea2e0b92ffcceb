#pragma once
// Multifractal cascades: the tree of the beta cascade with a random factor from every cell to each of its children.

#include "solvers/cascade/tree.hpp"
#include "solvers/parameters.hpp"
#include "theory/multifractal_law.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::solvers {

struct MultiplicativeCascadeParameters {
  std::int64_t embedding_dimension = 3;
  std::string model = "lognormal";
  std::optional<double> p, mu, x, dimension, hurst;
  std::string carrier = "automatic"; ///< "automatic" | "eddies" | "density" | "integrated"
  std::optional<std::int64_t> points;
  std::optional<std::int64_t> virtual_levels;

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  Shape shape() const;
  bool is_beta() const { return model == "beta"; }
  /// The measure itself is made, to be kept or (integrated) integrated.
  bool density() const { return carrier == "automatic" ? model == "binomial" : carrier == "density" || integrated(); }
  bool integrated() const { return carrier == "integrated"; }
  /// p = .7, mu = 1/4, x = 1/8 unless given (theory::Multipliers). Not of model beta.
  theory::Multipliers multipliers() const;
  double resolved_dimension() const; ///< d of model beta: D - 1/5 unless given
  /// h of model beta: 1/3 - (D - d)/3 unless given, so that zeta_3 = 1; order of integration: 1/3 unless given.
  double resolved_hurst() const;
  std::int64_t resolved_points() const;
  int resolved_levels() const;
  int levels_on_grid(std::int64_t points) const;
};

/// f(x) = sum over levels l >= 0 and alive cells c of level l of sign_c A_c psi_c((x - corner_c) 2^l), psi_c, signs,
/// axes and keys those of BetaCascade, and A_c the product of the factors M on the path from the root (A = 1) to c:
/// MultiplierTable. M = 0 is death. Normalisation: E M^3 = 1/2, hence zeta_3 = 1. `carrier: density`: no eddies but the
/// measure itself, the product of the factors W at every point of the grid; `integrated`: its fractional integral of
/// order `hurst` (fractional_integral.hpp), zeta_q = q hurst - K(q). Model `beta` is BetaCascade, bit for bit.
/// Randomness: words of keys that nothing else uses, so that signs, axes and the tree are the same for all models and
/// parameters. The structure functions, spectrum and losses of second order have exact expectations, of the ensemble
/// and given one tree (given_tree). docs/theory.md, "Multifractals".
class MultiplicativeCascade final : public Generator, public GridView, public PointView {
public:
  MultiplicativeCascade(const MultiplicativeCascadeParameters& parameters, std::uint64_t seed);
  theory::LawPtr law() const override;
  const GridView* grid() const override { return parameters_.resolved_points() > 0 ? this : nullptr; }
  const PointView* points() const override { return parameters_.density() ? nullptr : this; }
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override;
  core::MemoryParts scratch_memory(const core::Decomposition& decomposition) const override;
  core::MemoryParts expectation_memory(const core::Decomposition& decomposition,
                                       const theory::ExpectedLosses& losses) const override;
  std::shared_ptr<const theory::FiniteSize> family(std::int64_t points, int highest_degree) const override;
  std::shared_ptr<const theory::Expectation> expectation(const core::Decomposition& decomposition,
                                                         const core::Communicator& communicator,
                                                         const theory::ExpectedLosses& losses) const override;
  std::shared_ptr<const theory::Expectation> expectation(int lattice) const override;
  core::PointSample sample(std::uint64_t realisation) const override;

  /// The tree and the factors of a realisation, to so many levels.
  CascadeRules rules(int levels, std::uint64_t realisation) const;
  /// Second-order expectations on a grid of so many points, given the amplitudes of a realisation's own tree: means
  /// over signs and axes alone. Walks the tree: 2^(D levels) steps. Local.
  std::shared_ptr<const theory::Expectation> given_tree(std::int64_t points, std::uint64_t realisation) const;

private:
  int dimensions() const { return static_cast<int>(parameters_.embedding_dimension); }

  MultiplicativeCascadeParameters parameters_;
  std::uint64_t seed_;
  std::shared_ptr<const MultiplierTable> table_; ///< null: model beta
};

} // namespace cascade::solvers
