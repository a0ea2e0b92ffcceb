#pragma once
// Whether one roughness h on one set of dimension d can describe what was measured of a multifractal.

#include "app/report/report.hpp"
#include "theory/intermittency.hpp"

#include <optional>
#include <string>
#include <vector>

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

/// zeta_p/zeta_3 of each method that has zeta_3, errors of both carried by the joint jackknife: what structure
/// functions against the third one show (extended self-similarity, Benzi et al., Phys. Rev. E 48 (1993) R29). Exponents
/// that may not decide are left out, and where the blocks of the errors were not kept.
struct RelativeExponent {
  double order = 0;
  std::string quantity; ///< "zeta", "zeta_quenched", "zeta_annealed"
  std::string method;
  analysis::Measured ratio;
};
std::vector<RelativeExponent> relative_exponents(const Report& report);

/// The measured zeta_p, p <= 8, longitudinal or of a scalar, that may decide: of the method with more orders, or else
/// with smaller errors. Models of intermittency have zeta_3 = 1: where zeta_3 was measured to be something else (by
/// more than .02 and two errors) they are zeta_p/zeta_3 without p = 3 (`relative`). Orders of which the law says that
/// few trees decide (Judged::few) are left out where four others are there.
struct ZetaPoints {
  std::vector<theory::ZetaPoint> points;
  bool relative = false;
  double third = 0; ///< zeta_3; 0: not measured
  bool few = false; ///< with orders that few trees or draws decide, for want of others
};
ZetaPoints zeta_points(const Report& report);

/// Which model of intermittency (theory/intermittency.hpp) these follow best, with chi^2 of all. Empty with fewer than
/// three orders.
std::string intermittency_text(const Report& report);

} // namespace cascade::app
