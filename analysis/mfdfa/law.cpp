#include "analysis/mfdfa/measurement.hpp"
#include "theory/exponents.hpp"

#include <cmath>

namespace cascade::analysis {

std::optional<Predicted> mfdfa_law(const theory::Law& law, const Result& result) {
  if (!result.order || law.embedding_dimension() != 1)
    return std::nullopt;
  const double q = *result.order;
  if (q == 0) {
    constexpr double step = 1e-4; // h(0) = tau'(0), where tau(0) = -1
    const auto above = law.mass_exponent(step), below = law.mass_exponent(-step);
    if (!above || !below || !std::isfinite(*below))
      return std::nullopt;
    return Predicted{"tau'(0)", (*above - *below) / (2 * step)};
  }
  const auto tau = theory::shown_mass_exponent(law, q);
  if (!tau)
    return std::nullopt;
  return Predicted{tau->linear ? "(tau(q) + 1)/q, linearised beyond q_*" : "(tau(q) + 1)/q", (tau->value + 1) / q};
}

} // namespace cascade::analysis
