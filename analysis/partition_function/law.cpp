#include "theory/law.hpp"

#include "analysis/partition_function/measurement.hpp"

#include <cmath>

namespace cascade::analysis {

/// Beyond q_* (of either sign the law knows the positive one) a realisation shows the tangent through the origin.
std::optional<Predicted> partition_function_law(const theory::Law& law, const Result& result) {
  if (!result.order)
    return std::nullopt;
  const double q = *result.order;
  const auto tau = [&](double order) { return law.mass_exponent(order); };
  if (!tau(q) || !std::isfinite(*tau(q)))
    return std::nullopt;
  const auto beyond = law.linear_beyond();
  const bool linear = beyond && q > *beyond;
  const double value = linear ? q * *tau(*beyond) / *beyond : *tau(q);
  if (result.quantity == "tau")
    return Predicted{linear ? "tau(q), linearised beyond q_*" : "tau(q)", value};
  if (q != 1)
    return Predicted{linear ? "tau(q)/(q - 1), linearised beyond q_*" : "tau(q)/(q - 1)", value / (q - 1)};
  constexpr double step = 1e-4; // D_1 = tau'(1), to the square of this
  return Predicted{"tau'(1)", (*tau(1 + step) - *tau(1 - step)) / (2 * step)};
}

} // namespace cascade::analysis
