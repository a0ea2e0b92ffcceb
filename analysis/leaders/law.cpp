#include "theory/law.hpp"

#include "analysis/leaders/measurement.hpp"

namespace cascade::analysis {

namespace {

/// zeta'(q) where one realisation shows it, that is where D(h) = D + q h - zeta_q is not negative.
std::optional<double> roughness_at(const theory::Law& law, double q) {
  constexpr double step = 1e-4; // to the square of this
  const double h = (law.zeta(q + step) - law.zeta(q - step)) / (2 * step);
  return law.embedding_dimension() + q * h - law.zeta(q) >= 0 ? std::optional(h) : std::nullopt;
}

} // namespace

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
  if (result.quantity == "c3") {
    if (const auto c = law.log_cumulant(3))
      return Predicted{"zeta'''(0)", *c};
    return fills ? std::optional(Predicted{"0", 0}) : std::nullopt;
  }
  if (result.quantity == "width" && fills)
    return Predicted{"0", 0};
  if (result.quantity == "width" && law.log_cumulant(1)) {
    const auto smooth = roughness_at(law, *result.labels.number("lowest_order")),
               rough = roughness_at(law, *result.labels.number("highest_order"));
    if (smooth && rough)
      return Predicted{"zeta'(lowest q) - zeta'(highest q)", *smooth - *rough};
  }
  return std::nullopt;
}

} // namespace cascade::analysis
