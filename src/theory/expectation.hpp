#pragma once
// What an estimator must show on average, exactly, at the true parameters of one generator.

#include "theory/finite_size.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cascade::theory {

/// Alive children: each of the `children` cells below an alive one is alive with this probability, independently.
struct Branching {
  double children = 8; ///< 2^D
  double probability = 1;
};

/// Exact expectations of one generator's curves for one grid (or one way of sampling), with the amplitude, h and d the
/// generator really has: the measurement minus this is zero within its error, at every scale. docs/theory.md, "Exact
/// expectations". Computed from the profile or the spectrum, never from realisations. `counts`: the alive cells N_l of
/// the realisation at hand, l = 0, 1, ...; null: the mean over realisations. Abscissas in box sides. Immutable; calls
/// are local. nullopt: no exact expectation is known for this setting.
class Expectation {
public:
  using Values = std::optional<std::vector<double>>;
  virtual ~Expectation() = default;
  /// How it was computed, in words.
  virtual std::string name() const = 0;
  /// Does it become sharper when the counts are given?
  virtual bool conditional() const { return false; }
  /// Whether the field is stationary: means over cells are then those of cells with any origin.
  virtual bool stationary() const { return false; }
  /// S_order(r) over all axes; component: "", "longitudinal" or "transverse".
  virtual Values increment(const std::string& component, double order, std::span<const double> separations,
                           const Activity* counts) const = 0;
  /// Mean over the volume, or over the active cells, of |f - P|^order, P the least-squares polynomial of total degree
  /// <= degree on aligned cells.
  virtual Values loss(double order, int degree, bool active, std::span<const double> sides,
                      const Activity* counts) const = 0;
  /// Energy of each shell round(|k|) = 0, 1, 2, ..., normalised as analysis/spectrum/spectrum.hpp.
  virtual Values spectrum(const Activity* counts) const = 0;
  /// E N(s) = s^-d alive cells of side s; nullopt where nothing branches.
  virtual Values cells(std::span<const double> sides) const = 0;
  virtual std::optional<Branching> branching() const { return {}; }
};

/// Which losses an expectation will be asked for; what is of field size is computed for these, once.
struct ExpectedLosses {
  int highest_degree = -1; ///< -1: none
  std::vector<double> powers;
};

} // namespace cascade::theory
