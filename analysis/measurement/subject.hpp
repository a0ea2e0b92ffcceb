#pragma once
// What a measurement may know of the field it measures.

#include "analysis/measurement/answers.hpp"
#include "core/grid/domain.hpp"
#include "theory/finite_size.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace cascade::analysis {

/// Sizes of the point view's samples as an input may give them; what is unset is chosen (Measurement::choose).
struct SamplingWish {
  std::int64_t trees = 64;
  std::optional<std::int64_t> pairs, cells, scales, lattice, cell_points;
};

/// The same, all decided.
struct Sampling {
  int levels = 0;         ///< of the point view; 0: it is not sampled
  int trees = 0;          ///< realisations, the blocks of all errors
  std::int64_t pairs = 0; ///< per tree and separation
  std::int64_t cells = 0; ///< per tree and scale
  int scales = 0;         ///< finest separation and cell side 2^-scales
  int lattice = 0;        ///< points per cell and side
  int points = 0;         ///< scattered points per cell; 0 = the cells have lattices

  static constexpr int trees_together = 8; ///< are measured: seconds of work, and enough of it for many ranks
  int trees_at_a_time() const { return trees < trees_together ? trees : trees_together; }
};

/// What the point view shows of its alive cells: nothing, because the field fills its space and all cells are alike; a
/// tree that can be walked, so that they are counted; or alive cells on demand, which cannot be counted.
enum class AliveCells { all, walked, shown };

/// Never d or h, and no law: what cannot be measured is not used. Plain value, the same on every rank.
struct Subject {
  int dimensions = 1, components = 1;
  std::int64_t points = 0;           ///< a side of the grid, the shortest; 0: no grid view
  std::optional<core::Domain> box{}; ///< of the grid where it is another than a periodic cube of side 1
  bool given = false;                ///< the field comes from outside: its h and d are what is asked
  bool missing = false;              ///< values may be missing: estimators hold what it takes to leave them out
  bool activity = false;             ///< the grid's samples say how many levels are alive at each point
  int levels = 0;                    ///< of the point view, sampled or not; 0: none
  bool scattered = false; ///< the point view is measured on scattered points, not on pairs and lattices by descent
  bool tilted = false;    ///< its realisations can be drawn towards what carries high moments
  bool increments = true; ///< increments of the point view have the exponents of the field
  std::int64_t realisations = 1; ///< of the grid view
  std::uint64_t seed = 1;
  std::vector<double> window;  ///< fit.window, {lowest, highest} in lengths of the box; empty: automatic
  Way judge = Way::blind;      ///< fit.judge: the way whose exponents laws are judged by, where there are several
  std::vector<double> moments; ///< orders q of which somebody has an exponent on the grid (Measurement::moments)
  Sampling sampling;

  // Known once the field can be made.
  AliveCells alive = AliveCells::all;
  /// Exponent d of N(s) = s^-d cells by the generator's own word: the one thing taken from it, where cells are shown
  /// but cannot be counted. Results that use it say so.
  std::optional<double> promised_dimension;
  std::shared_ptr<const theory::FiniteSize> family; ///< curves of the grid view's kind with h left free; null: none

  /// There are enough of them that their scatter says all: tables keep one block each.
  bool realisations_are_blocks() const { return realisations >= 8; }
  bool sampled() const { return sampling.levels > 0; }
  /// The grid: a periodic cube of side 1, unless it has a box of its own.
  core::Domain grid() const { return box ? *box : core::Domain(dimensions, points); }
  /// A length in points of the shortest axis, and a share of that axis' length: the scales that fits begin and end at.
  double smallest(int points_a_side) const { return points_a_side / static_cast<double>(points) * side(); }
  double largest(double share) const { return share * side(); }
  /// The scales an input wants fitted, or these.
  std::pair<double, double> window_or(double lowest, double highest) const {
    return window.empty() ? std::pair(lowest, highest) : std::pair(window[0], window[1]);
  }

private:
  double side() const;
};

} // namespace cascade::analysis
