#include "theory/exponents.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace cascade::theory {
namespace {

/// 1/t - 1 at the root t of phi(t) = exponent(q t) - d (1 - t), which increases from -d to exponent(q): (29).
std::optional<double> threshold_alpha(const std::function<double(double)>& exponent, double q, double d) {
  const auto phi = [&](double t) { return exponent(q * t) - d * (1 - t); };
  if (!std::isfinite(phi(1)) || phi(1) <= 0)
    return {};
  double low = 0, high = 1;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (phi(middle) < 0 ? low : high) = middle;
  }
  return 2 / (low + high) - 1;
}

/// What a law without one roughness says before saturation, and the number of pieces per side in it: dimension.
struct Rough {
  std::string id;
  double alpha;
  double pieces; ///< D or d: pieces of side s are s^-pieces
};
std::optional<Rough> multifractal_alpha(const Law& law, const LossSetting& s, double smooth_order) {
  const double q = s.loss_power, D = law.embedding_dimension();
  const double codimension = s.active ? law.zeta(0) : 0, set = D - codimension;
  const auto exponent = [&](double order) { return std::min(law.zeta(order) - codimension, smooth_order * order); };
  if ((s.active && s.adaptive && !law.dimension()) || std::isnan(law.zeta(q)))
    return {};
  if (!s.adaptive || s.oracle) { // of refined ones t q stays below q_*
    const Shown zeta = shown_zeta(law, q);
    const double shown = std::min(zeta.value - codimension, smooth_order * q), pieces = s.adaptive ? set : D;
    if (!std::isfinite(shown) || shown <= 0)
      return {};
    return Rough{std::string(s.active ? "(zeta_q - zeta_0)" : "zeta_q") + (s.adaptive ? "/d" : "/D") +
                     (zeta.linear ? ", linearised beyond q_*" : ""),
                 shown / pieces, pieces};
  }
  if (!std::isfinite(exponent(q)) || exponent(q) <= 0)
    return {};
  const auto alpha = threshold_alpha(exponent, q, set);
  if (!alpha)
    return {};
  return Rough{s.active ? "adaptive(zeta - zeta_0)" : "adaptive(zeta)", *alpha, set};
}

constexpr double unsaturated = 1e9;

} // namespace

Shown shown_zeta(const Law& law, double order) {
  const auto beyond = law.linear_beyond();
  if (!beyond || order <= *beyond)
    return {law.zeta(order), false};
  const double D = law.embedding_dimension();
  return {D + (law.zeta(*beyond) - D) * order / *beyond, true};
}

std::optional<Shown> shown_mass_exponent(const Law& law, double order) {
  const auto beyond = law.linear_beyond(), below = law.linear_below();
  const bool large = beyond && order > *beyond, linear = large || (below && order < *below);
  const double at = large ? *beyond : linear ? *below : order;
  const auto tau = law.mass_exponent(at);
  if (!tau || !std::isfinite(*tau))
    return std::nullopt;
  return Shown{linear ? *tau * order / at : *tau, linear};
}

double saturated_zeta(const Law& law, double order) {
  const double zeta = law.zeta(order);
  return std::isnan(zeta) ? zeta : std::min(zeta, order); // of a measure's density there is none
}

bool zeta_near_saturation(const Law& law, double order) {
  return std::abs(order - law.zeta(order)) < saturation_margin;
}

bool zeta_near_saturation(const Law& law, double order, double measured) {
  return zeta_near_saturation(law, order) && measured > order - saturation_margin;
}

std::optional<Formula> predicted_alpha(const Law& law, const LossSetting& s) {
  const auto d = law.dimension(), h = law.hurst();
  if (!h) {
    const auto rough = multifractal_alpha(law, s, s.degree + 1);
    return rough ? std::optional(Formula{rough->id, rough->alpha}) : std::nullopt;
  }
  if (s.adaptive && !d)
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

std::optional<double> adaptive_alpha(const Law& law, double loss_power, int smooth_order) {
  return threshold_alpha([&](double order) { return std::min(law.zeta(order), smooth_order * order); }, loss_power,
                         law.embedding_dimension());
}

bool alpha_near_saturation(const Law& law, const LossSetting& s) {
  if (!predicted_alpha(law, s))
    return false;
  const double D = law.embedding_dimension(), k = s.degree + 1, q = s.loss_power;
  if (!law.hurst()) {
    const auto rough = multifractal_alpha(law, s, unsaturated);
    return rough && std::abs(q * k - rough->pieces * rough->alpha) < saturation_margin;
  }
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
  if (h)
    return rivals;
  if (const auto alpha = adaptive_alpha(law, q, s.degree + 1))
    rivals.push_back({"adaptive(zeta)", *alpha});
  // On an active set smaller than the box the exponents of the set itself.
  for (const bool adaptive : {false, true})
    if (const auto own = predicted_alpha(law, {adaptive, true, s.degree, q, false}); own && s.active && law.zeta(0) > 0)
      rivals.push_back(*own);
  return rivals;
}

} // namespace cascade::theory
