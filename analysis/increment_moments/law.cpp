#include "analysis/increment_moments/measurement.hpp"
#include "theory/exponents.hpp"

namespace cascade::analysis {

std::optional<Predicted> increment_moments_law(const theory::Law& law, const Result& result) {
  if (result.quantity == "flatness")
    return Predicted{"zeta_4 - 2 zeta_2", theory::saturated_zeta(law, 4) - 2 * theory::saturated_zeta(law, 2),
                     theory::zeta_near_saturation(law, 4) || theory::zeta_near_saturation(law, 2)};
  if (result.labels.text("component") == "longitudinal")
    return std::nullopt;
  return Predicted{"0", 0};
}

} // namespace cascade::analysis
