#include "theory/laws.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::theory {

double saturated_zeta(const Theory& theory, double order) {
  return std::min(theory.zeta(order), order);
}

bool zeta_near_saturation(const Theory& theory, double order) {
  return std::abs(order - theory.zeta(order)) < saturation_margin;
}

Formula predicted_alpha(const Theory& theory, const LossSetting& s) {
  const double D = theory.embedding_dimension, d = theory.dimension, k = s.degree + 1, q = s.loss_power;
  const double zeta = theory.zeta(q);
  if (s.active) {
    const bool smooth = theory.hurst >= k;
    const double numerator = q * std::min(theory.hurst, k);
    if (s.adaptive)
      return {smooth ? "q*k/d" : "q*h/d", numerator / d};
    return {smooth ? "q*k/D" : "q*h/D", numerator / D};
  }
  if (s.adaptive)
    return zeta / d <= q * k / D ? Formula{"zeta_q/d", zeta / d} : Formula{"q*k/D", q * k / D};
  return zeta <= q * k ? Formula{"zeta_q/D", zeta / D} : Formula{"q*k/D", q * k / D};
}

bool alpha_near_saturation(const Theory& theory, const LossSetting& s) {
  const double D = theory.embedding_dimension, k = s.degree + 1, q = s.loss_power;
  if (s.active)
    return q * std::abs(k - theory.hurst) < saturation_margin;
  const double zeta = theory.zeta(q);
  const double rough = s.adaptive ? D * zeta / theory.dimension : zeta;
  return std::abs(q * k - rough) < saturation_margin;
}

std::vector<Formula> rival_formulas(const Theory& theory, const LossSetting& s) {
  const double D = theory.embedding_dimension, d = theory.dimension, h = theory.hurst, q = s.loss_power;
  return {{"4h/d", 4 * h / d},
          {"2h/d", 2 * h / d},
          {"q*h/d", q * h / d},
          {"q*h/D", q * h / D},
          {"4/d", 4 / d},
          {"2/d", 2 / d},
          {"zeta_q/D", theory.zeta(q) / D},
          {"zeta_q/d", theory.zeta(q) / d},
          {"a/D", q * (s.degree + 1) / D}};
}

} // namespace cascade::theory
