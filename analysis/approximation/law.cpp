#include "analysis/approximation/loss_setting.hpp"
#include "analysis/approximation/measurement.hpp"
#include "theory/exponents.hpp"

namespace cascade::analysis {

std::optional<Predicted> approximation_law(const theory::Law& law, const Result& result) {
  if (!result.labels.number("degree") || !result.labels.number("loss_power"))
    return std::nullopt;
  const theory::LossSetting setting = loss_setting(result.labels);
  const auto alpha = theory::predicted_alpha(law, setting);
  if (!alpha)
    return std::nullopt;
  return Predicted{alpha->id, alpha->value, theory::alpha_near_saturation(law, setting, result.measured.value)};
}

} // namespace cascade::analysis
