#include "theory/law.hpp"

#include "analysis/leaders/measurement.hpp"

namespace cascade::analysis {

std::optional<Predicted> leaders_law(const theory::Law& law, const Result& result) {
  const auto h = law.hurst(), d = law.dimension();
  const bool fills = h && (!d || *d == law.embedding_dimension());
  if (result.quantity == "c1") {
    if (const auto c = law.log_cumulant(1))
      return Predicted{"zeta'(0)", *c};
    return fills ? std::optional(Predicted{"h", *h}) : std::nullopt;
  }
  if (result.quantity == "c2") {
    if (const auto c = law.log_cumulant(2))
      return Predicted{"zeta''(0)", *c};
    return fills ? std::optional(Predicted{"0", 0}) : std::nullopt;
  }
  return std::nullopt;
}

} // namespace cascade::analysis
