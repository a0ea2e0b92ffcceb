#pragma once
// Whether one roughness h on one set of dimension d can describe what was measured of a multifractal.

#include "app/report/report.hpp"

#include <optional>
#include <string>

namespace cascade::app {

/// h and d as alphas at two loss powers q show them, if there were one of each: of uniform partitions of the volume
/// D alpha = q h + D - d, of adaptive ones d alpha = q h + D - d, docs/theory.md (24), (25). The error is that of d,
/// the two alphas taken as independent.
struct ApparentPair {
  double hurst = 0, dimension = 0;
  double hurst_error = 0, dimension_error = 0;
};
ApparentPair apparent_pair(int dimensions, bool adaptive, double q1, double alpha1, double error1, double q2,
                           double alpha2, double error2);

/// What a field with one h on one set cannot do: show other values in its uniform partitions than in its adaptive ones.
/// In words, from the lowest degree that has both at two loss powers, by results that may decide; empty where there is
/// none.
std::string one_roughness(const Report& report);

/// Which model of intermittency the measured zeta_p, p <= 8, of a field without one roughness follow best
/// (theory/intermittency.hpp), with chi^2 of all; of the method with more orders. Empty with fewer than three orders.
std::string intermittency_text(const Report& report);

} // namespace cascade::app
