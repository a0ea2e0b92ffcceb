#include "theory/law.hpp"

#include "analysis/partition_function/measurement.hpp"

#include <cmath>

namespace cascade::analysis {

namespace {

/// alpha = tau'(q) where one realisation shows it, that is where f = q alpha - tau is not negative.
std::optional<double> strength_at(const theory::Law& law, double q) {
  constexpr double step = 1e-4; // to the square of this
  const auto below = law.mass_exponent(q - step), at = law.mass_exponent(q), above = law.mass_exponent(q + step);
  if (!below || !at || !above || !std::isfinite(*below) || !std::isfinite(*above))
    return std::nullopt;
  const double alpha = (*above - *below) / (2 * step);
  return q * alpha - *at >= 0 ? std::optional(alpha) : std::nullopt;
}

} // namespace

/// Beyond q_* (of either sign the law knows the positive one) a realisation shows the tangent through the origin.
std::optional<Predicted> partition_function_law(const theory::Law& law, const Result& result) {
  if (result.quantity == "width") {
    const auto first = strength_at(law, *result.labels.number("lowest_order")),
               last = strength_at(law, *result.labels.number("highest_order"));
    return first && last ? std::optional(Predicted{"tau'(lowest q) - tau'(highest q)", *first - *last}) : std::nullopt;
  }
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
