#include "theory/law.hpp"

#include "analysis/box_counting/measurement.hpp"

namespace cascade::analysis {

std::optional<Predicted> box_counting_law(const theory::Law& law, const Result& result) {
  if (result.labels.text("set") != "active" || !law.dimension())
    return std::nullopt;
  return Predicted{"d", *law.dimension()};
}

} // namespace cascade::analysis
