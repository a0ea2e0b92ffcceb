#pragma once
// What a generator promises about its field: the predicted side of every comparison.

#include <optional>
#include <string>
#include <vector>

namespace cascade::theory {

/// Plain value. Symbols as in docs/theory.md section 1.
struct Theory {
  int embedding_dimension = 3; ///< D
  double dimension = 3;        ///< d, fractal dimension of the active set
  double hurst = 1.0 / 3.0;    ///< h, Hurst exponent on the active set
  std::string source;          ///< "generator" or "input" (declared by the user)
  std::string reference;       ///< paper and equation
  /// zeta_p = p h + D - d (beta model; d = D gives the monofractal p h), before saturation at p.
  double zeta(double order) const { return order * hurst + embedding_dimension - dimension; }
};

} // namespace cascade::theory
