#include "theory/law.hpp"

#include "analysis/spectrum/measurement.hpp"

namespace cascade::analysis {

std::optional<Predicted> spectrum_law(const theory::Law& law, const Result&) {
  const std::optional<double> slope = law.spectrum_slope();
  if (!slope)
    return std::nullopt;
  return Predicted{"-(1 + zeta_2)", *slope};
}

} // namespace cascade::analysis
