#pragma once
// Keys of a generated cloud: the set, the cloud on it, and the target.

#include "core/input/parameters.hpp"
#include "solvers/manifold/manifold.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cascade::solvers {

/// What is to be learned on the set.
struct TargetParameters {
  std::string kind = "none"; ///< "modes" | "band" | "cascade" | "teacher" | "none"
  double hurst = 0.5;        ///< of modes and cascade
  std::optional<double> active_dimension;
  std::optional<std::int64_t> octaves;
  std::int64_t waves = 24; ///< an octave
  double longest = 1;      ///< wave of modes and band, of a chart of side 1
  double noise = 0;        ///< standard deviation, of a target of variance 1

  void declare(core::ParameterVisitor& v);
  bool rough() const { return kind == "modes" || kind == "cascade"; }
};

struct ManifoldParameters {
  std::string manifold = "M7";
  std::int64_t points = 2500;
  std::optional<std::int64_t> dimension;
  std::optional<std::int64_t> embedding_dimension;
  double noise = 0;
  TargetParameters target;

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;

  const Manifold& set() const { return manifold_of(manifold); }
  int resolved_dimension() const;
  int resolved_embedding() const;
  /// Octaves of the target's modes, or levels of its cascade: as asked, or fewest_octaves.
  int resolved_octaves() const;
  /// So many that the smallest wave is far below the distance of neighbours, n^(-1/d), and what is missing is below
  /// 2^-10 of the target's variance: log2(n)/d + 5/h + log2(longest), rounded up; n is taken as 2^15 at least.
  int fewest_octaves() const;
  /// h of S_2 = C r^(2h) over the whole set: that of the modes; of a cascade on a set of dimension d' in d dimensions h
  /// + (d - d')/2; absent for smooth targets.
  std::optional<double> mean_square_hurst() const;
};

} // namespace cascade::solvers
