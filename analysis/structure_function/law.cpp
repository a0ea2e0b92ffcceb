#include "analysis/structure_function/measurement.hpp"
#include "theory/exponents.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::analysis {

std::optional<Predicted> structure_function_law(const theory::Law& law, const Result& result) {
  if (!result.order || std::isnan(law.zeta(*result.order))) // of a measure's density there is no zeta
    return std::nullopt;
  const double p = *result.order;
  const theory::Shown shown = theory::shown_zeta(law, p);
  const bool ensemble = result.quantity == "zeta_annealed"; // of realisations enough for any order
  if (shown.linear && !ensemble)
    return Predicted{fmt::format("{}, linearised beyond q_* = {:.3g}", law.formula(), *law.linear_beyond()),
                     shown.value};
  return Predicted{law.zeta(p) > p ? "p" : fmt::format("min({}, p)", law.formula()), theory::saturated_zeta(law, p),
                   theory::zeta_near_saturation(law, p, result.measured.value)};
}

} // namespace cascade::analysis
