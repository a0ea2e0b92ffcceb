#pragma once
// The exponents theory predicts for a measurement, and every rival formula. docs/theory.md, "Exponents of a piecewise
// fit".

#include "theory/law.hpp"
#include "theory/loss_setting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::theory {

struct Formula {
  std::string id;
  double value = 0;
  double error = 0; ///< standard error of the value, where it is made of measured numbers
};

/// Orders and losses this close to the smooth limit cross over too slowly for a verdict. A law there is out of reach
/// only of a measurement that is there too: one farther below the limit than this never was on its way to it.
inline constexpr double saturation_margin = 0.3;

/// What one realisation shows of an exponent of order p: beyond q_* (below that of negative orders) the tangent there.
struct Shown {
  double value = 0;
  bool linear = false;
};
/// zeta_p, or D + (zeta_(q_*) - D) p/q_*.
Shown shown_zeta(const Law& law, double order);
/// tau(q) of a measure, or tau(q_*) q/q_*; nullopt where it is none, or tau is no number.
std::optional<Shown> shown_mass_exponent(const Law& law, double order);

/// min(zeta_p, p): increments of a field that is smooth between its eddies cannot vanish faster than r^p.
double saturated_zeta(const Law& law, double order);
bool zeta_near_saturation(const Law& law, double order);
bool zeta_near_saturation(const Law& law, double order, double measured);

/// The law for this setting, docs/theory.md table of section "Exponents of a piecewise fit", with its formula in words:
///   uniform, volume: min(zeta_q, q k)/D;     adaptive, volume: min(zeta_q/d, q k/D);
///   uniform, active: q min(h, k)/D;          adaptive, active: q min(h, k)/d,       k = degree + 1.
/// Without one roughness h the law of (29): error-driven volume fits adaptive_alpha(); on the active set the same with
/// zeta_p - zeta_0 for zeta_p and d = D - zeta_0 for D; uniform partitions and the oracle's zeta_q (- zeta_0 on the
/// active set) over D (over d), as one realisation shows it ("linearised": shown_zeta()). nullopt where the law lacks
/// what this takes, or zeta_q is no positive number.
std::optional<Formula> predicted_alpha(const Law& law, const LossSetting& setting);
bool alpha_near_saturation(const Law& law, const LossSetting& setting);
bool alpha_near_saturation(const Law& law, const LossSetting& setting, double measured);

/// alpha = 1/t - 1 of a volume refined by an error threshold, t in (0, 1] the root of min(zeta_(q t), k q t) = D (1 -
/// t), docs/theory.md (29); nullopt where zeta_q is not a positive number.
std::optional<double> adaptive_alpha(const Law& law, double loss_power, int smooth_order);

/// Every formula put forward for alpha, whatever the setting: 4h/d and 2h/d (the paper, eq. 17, and the mean-square
/// law), q*h/d, q*h/D, the smooth ends 4/d and 2/d, zeta_q/D, zeta_q/d, and a/D with a = q k, the order of the loss for
/// a smooth field (paper eq. 10); adaptive(zeta), adaptive_alpha(), where there is no one h (else it is zeta_q/d), and
/// the law of uniform and of refined partitions of an active set that does not fill the box. Those that need a d or an
/// h are left out for a law that has none.
std::vector<Formula> rival_formulas(const Law& law, const LossSetting& setting);

} // namespace cascade::theory
