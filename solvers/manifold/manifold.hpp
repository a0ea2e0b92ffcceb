#pragma once
// Sets of known dimension, as random points on them: the benchmark sets of intrinsic dimension, and simple ones.

#include "solvers/manifold/point_draw.hpp"

#include <span>
#include <string>
#include <vector>

namespace cascade::solvers {

/// A line of the table. The benchmark sets M1 to Mp3 are those of M. Hein, J.-Y. Audibert, ICML 2005 (M1 to M13) and of
/// P. Campadelli et al., Math. Probl. Eng. 2015 (Mbeta, Mn, Mp), each with its own d and D; the others take any d.
struct Manifold {
  std::string name;
  std::string formula; ///< u uniform on (0, 1), z standard normal
  int dimension;       ///< d; 0: chosen by the input
  int embedding;       ///< D of the formula; 0: a function of d, see embedding_of
  int per_dimension;   ///< D/d of the formula, where D is a function of d
  int extra;           ///< added to that
  /// `chart`: targets are functions of u in (0, 1)^d. `wrapped`: there is such a u, but its borders are glued together,
  /// and smooth targets are functions of the point. `none`: of the point, without any u.
  enum class Chart { chart, wrapped, none } chart;
  /// Fills x (D of the formula) and, unless there is none, u; both spans have their full lengths, D and d. Local, pure.
  void (*map)(const PointDraw& draw, std::span<double> x, std::span<double> u);

  int dimension_of(int asked) const { return dimension > 0 ? dimension : asked; }
  int embedding_of(int asked) const { return embedding > 0 ? embedding : per_dimension * dimension_of(asked) + extra; }
};

/// All of them, in the order of the report.
const std::vector<Manifold>& manifolds();

/// Throws std::out_of_range for a name that is none.
const Manifold& manifold_of(const std::string& name);
std::vector<std::string> manifold_names();

} // namespace cascade::solvers
