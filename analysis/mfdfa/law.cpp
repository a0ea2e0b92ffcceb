#include "theory/law.hpp"

#include "analysis/mfdfa/measurement.hpp"

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
  const auto tau = law.mass_exponent(q);
  if (!tau || !std::isfinite(*tau))
    return std::nullopt;
  const auto beyond = law.linear_beyond();
  if (beyond && q > *beyond)
    return Predicted{"(tau(q) + 1)/q, linearised beyond q_*", (q * *law.mass_exponent(*beyond) / *beyond + 1) / q};
  return Predicted{"(tau(q) + 1)/q", (*tau + 1) / q};
}

} // namespace cascade::analysis
