#pragma once
// Whether the exponents measured in a field are those of one roughness h on one set of dimension d.

#include "app/report/report.hpp"

#include <string>

namespace cascade::app {

/// One h on a set of codimension c = D - d has zeta_p = p h + c, a straight line: c = (zeta_p - p zeta_2/2)/(1 - p/2)
/// whatever p. Of many h (zeta_p = c_1 p + c_2 p^2/2 + ...) it grows with p. Both are slopes of flatnesses in the blind
/// exponents, zeta_p = p zeta_2/2 + slope: the error of zeta_2 drops out.
struct Bend {
  double first = 0, first_error = 0; ///< c from p = 1 and 2
  double order = 0;                  ///< highest p with an error of its own
  double last = 0, last_error = 0;   ///< c from it and 2
  double errors = 0;                 ///< (last - first) over the error of the difference; 0: not known
};
Bend bend_of(const Report& report);

/// "No one h describes it (...). " of a bend, or a c_2 of leaders, of three errors and more; else empty.
std::string many_roughnesses(const Report& report);

} // namespace cascade::app
