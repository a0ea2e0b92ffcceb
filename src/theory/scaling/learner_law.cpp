#include "theory/scaling/learner_law.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::theory {

namespace {

/// The value of a formula in d and h, and its error to first order.
template <class Value>
Formula made_of(const LearningSetting& s, const std::string& id, const Value& value) {
  constexpr double step = 1e-4; // the formulas are smooth
  const double d = s.dimension, h = s.hurst.value_or(0);
  const auto slope = [](double more, double less) { return (more - less) / (2 * step); };
  const double by_d = slope(value(d * (1 + step), h), value(d * (1 - step), h)) * s.dimension_error / d,
               by_h = h > 0 ? slope(value(d, h * (1 + step)), value(d, h * (1 - step))) * s.hurst_error / h : 0;
  return {id, value(d, h), std::hypot(by_d, by_h)};
}

Formula rough_formula(const LearningSetting& s, double factor) {
  return made_of(s, factor == 2 ? "2h/d" : "4h/d", [factor](double d, double h) { return factor * h / d; });
}

Formula noisy_formula(const LearningSetting& s) {
  return made_of(s, "2h/(2h+d)", [](double d, double h) { return 2 * h / (2 * h + d); });
}

Formula over_dimension(const LearningSetting& s, const std::string& id, double factor) {
  return made_of(s, id, [factor](double d, double) { return factor / d; });
}

} // namespace

std::optional<Formula> learner_law(const LearningSetting& s) {
  const double d = s.dimension, smooth = s.smooth_loss_exponent;
  if (s.noisy)
    return s.averages_noise && s.hurst ? std::optional(noisy_formula(s)) : std::nullopt;
  if (s.hurst && (smooth <= 0 || 2 * *s.hurst <= smooth))
    return rough_formula(s, 2);
  if (smooth <= 0)
    return {};
  const auto is = [smooth](double value) { return std::abs(smooth - value) < 1e-9; };
  if (!is(2) && !is(4) && is(d + 3))
    return made_of(s, "1+3/d", [](double dimension, double) { return 1 + 3 / dimension; });
  if (!is(2) && !is(4) && is(2 * (d + 1)))
    return made_of(s, "2(d+1)/d", [](double dimension, double) { return 2 + 2 / dimension; });
  return over_dimension(s, is(2) ? "2/d" : is(4) ? "4/d" : "s/d", smooth);
}

std::vector<Formula> learner_formulas(const LearningSetting& s) {
  std::vector<Formula> all;
  if (s.hurst)
    all = {rough_formula(s, 4), rough_formula(s, 2)};
  if (s.hurst && s.noisy)
    all.push_back(noisy_formula(s));
  all.push_back(over_dimension(s, "4/d", 4));
  all.push_back(over_dimension(s, "2/d", 2));
  all.push_back({"2/D", 2 / s.embedding_dimension});
  if (const auto own = learner_law(s);
      own && std::none_of(all.begin(), all.end(), [&](const Formula& f) { return f.id == own->id; }))
    all.push_back(*own);
  return all;
}

} // namespace cascade::theory
