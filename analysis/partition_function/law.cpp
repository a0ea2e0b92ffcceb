#include "analysis/partition_function/measurement.hpp"
#include "theory/exponents.hpp"

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

/// Beyond q_* of either sign a realisation shows the tangent through the origin.
std::optional<Predicted> partition_function_law(const theory::Law& law, const Result& result) {
  if (result.quantity == "f_width") {
    const auto first = strength_at(law, *result.labels.number("lowest_order")),
               last = strength_at(law, *result.labels.number("highest_order"));
    return first && last ? std::optional(Predicted{"tau'(lowest q) - tau'(highest q)", *first - *last}) : std::nullopt;
  }
  if (!result.order)
    return std::nullopt;
  const double q = *result.order;
  const auto tau = theory::shown_mass_exponent(law, q);
  if (!tau)
    return std::nullopt;
  if (result.quantity == "tau")
    return Predicted{tau->linear ? "tau(q), linearised beyond q_*" : "tau(q)", tau->value};
  if (q != 1)
    return Predicted{tau->linear ? "tau(q)/(q - 1), linearised beyond q_*" : "tau(q)/(q - 1)", tau->value / (q - 1)};
  constexpr double step = 1e-4; // D_1 = tau'(1), to the square of this
  return Predicted{"tau'(1)", (*law.mass_exponent(1 + step) - *law.mass_exponent(1 - step)) / (2 * step)};
}

} // namespace cascade::analysis
