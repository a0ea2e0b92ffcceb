#include "analysis/structure_function/measurement.hpp"
#include "theory/exponents.hpp"

#include <fmt/format.h>

namespace cascade::analysis {

std::optional<Predicted> structure_function_law(const theory::Law& law, const Result& result) {
  if (!result.order)
    return std::nullopt;
  const double p = *result.order;
  const auto beyond = law.linear_beyond();
  const bool ensemble = result.quantity == "zeta_annealed"; // of realisations enough for any order
  if (beyond && p > *beyond && !ensemble)                   // D + h_min p: the tangent at q_*
    return Predicted{fmt::format("{}, linearised beyond q_* = {:.3g}", law.formula(), *beyond),
                     law.embedding_dimension() + p * (law.zeta(*beyond) - law.embedding_dimension()) / *beyond};
  return Predicted{law.zeta(p) > p ? "p" : fmt::format("min({}, p)", law.formula()), theory::saturated_zeta(law, p),
                   theory::zeta_near_saturation(law, p, result.measured.value)};
}

} // namespace cascade::analysis
