#include "analysis/approximation/measurement.hpp"
#include "theory/exponents.hpp"

namespace cascade::analysis {

std::optional<Predicted> approximation_law(const theory::Law& law, const Result& result) {
  const auto degree = result.labels.number("degree"), power = result.labels.number("loss_power");
  if (!degree || !power)
    return std::nullopt;
  const theory::LossSetting setting{result.labels.text("partition") == "adaptive",
                                    result.labels.text("average") == "active", static_cast<int>(*degree), *power};
  const auto alpha = theory::predicted_alpha(law, setting);
  if (!alpha)
    return std::nullopt;
  return Predicted{alpha->id, alpha->value, theory::alpha_near_saturation(law, setting)};
}

} // namespace cascade::analysis
