#include "theory/exponents.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::theory {

double saturated_zeta(const Law& law, double order) {
  return std::min(law.zeta(order), order);
}

bool zeta_near_saturation(const Law& law, double order) {
  return std::abs(order - law.zeta(order)) < saturation_margin;
}

bool zeta_near_saturation(const Law& law, double order, double measured) {
  return zeta_near_saturation(law, order) && measured > order - saturation_margin;
}

std::optional<Formula> predicted_alpha(const Law& law, const LossSetting& s) {
  const auto d = law.dimension(), h = law.hurst();
  if ((s.adaptive && !d) || (s.active && !h))
    return {};
  const double D = law.embedding_dimension(), k = s.degree + 1, q = s.loss_power;
  if (s.active) {
    const bool smooth = *h >= k;
    const double numerator = q * std::min(*h, k);
    if (s.adaptive)
      return Formula{smooth ? "q*k/d" : "q*h/d", numerator / *d};
    return Formula{smooth ? "q*k/D" : "q*h/D", numerator / D};
  }
  const double zeta = law.zeta(q);
  if (s.adaptive)
    return zeta / *d <= q * k / D ? Formula{"zeta_q/d", zeta / *d} : Formula{"q*k/D", q * k / D};
  return zeta <= q * k ? Formula{"zeta_q/D", zeta / D} : Formula{"q*k/D", q * k / D};
}

bool alpha_near_saturation(const Law& law, const LossSetting& s) {
  if (!predicted_alpha(law, s))
    return false;
  const double D = law.embedding_dimension(), k = s.degree + 1, q = s.loss_power;
  if (s.active)
    return q * std::abs(k - *law.hurst()) < saturation_margin;
  const double zeta = law.zeta(q);
  const double rough = s.adaptive ? D * zeta / *law.dimension() : zeta;
  return std::abs(q * k - rough) < saturation_margin;
}

bool alpha_near_saturation(const Law& law, const LossSetting& s, double measured) {
  if (!alpha_near_saturation(law, s))
    return false;
  const double D = law.embedding_dimension(), k = s.degree + 1, q = s.loss_power;
  const double per_side = s.active && s.adaptive ? *law.dimension() : D; // pieces of side s are s^-per_side
  return measured * per_side > q * k - saturation_margin;
}

std::vector<Formula> rival_formulas(const Law& law, const LossSetting& s) {
  const double D = law.embedding_dimension(), q = s.loss_power;
  const auto d = law.dimension(), h = law.hurst();
  std::vector<Formula> rivals;
  if (h && d)
    rivals = {{"4h/d", 4 * *h / *d}, {"2h/d", 2 * *h / *d}, {"q*h/d", q * *h / *d}};
  if (h)
    rivals.push_back({"q*h/D", q * *h / D});
  if (d) {
    rivals.push_back({"4/d", 4 / *d});
    rivals.push_back({"2/d", 2 / *d});
  }
  rivals.push_back({"zeta_q/D", law.zeta(q) / D});
  if (d)
    rivals.push_back({"zeta_q/d", law.zeta(q) / *d});
  rivals.push_back({"a/D", q * (s.degree + 1) / D});
  return rivals;
}

} // namespace cascade::theory
