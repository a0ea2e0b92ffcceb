#include "theory/scaling/learner_law.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::theory {

namespace {

Formula noisy_formula(double hurst, double dimension) {
  return {"2h/(2h+d)", 2 * hurst / (2 * hurst + dimension)};
}

} // namespace

std::optional<Formula> learner_law(const LearningSetting& s) {
  const double d = s.dimension, smooth = s.smooth_loss_exponent;
  if (s.noisy)
    return s.averages_noise && s.hurst ? std::optional(noisy_formula(*s.hurst, d)) : std::nullopt;
  if (s.hurst && (smooth <= 0 || 2 * *s.hurst <= smooth))
    return Formula{"2h/d", 2 * *s.hurst / d};
  if (smooth <= 0)
    return {};
  const auto is = [smooth](double value) { return std::abs(smooth - value) < 1e-9; };
  const char* const name = is(2) ? "2/d" : is(4) ? "4/d" : is(d + 3) ? "1+3/d" : is(2 * (d + 1)) ? "2(d+1)/d" : "s/d";
  return Formula{name, smooth / d};
}

std::vector<Formula> learner_formulas(const LearningSetting& s) {
  std::vector<Formula> all;
  const double d = s.dimension;
  if (s.hurst)
    all = {{"4h/d", 4 * *s.hurst / d}, {"2h/d", 2 * *s.hurst / d}};
  if (s.hurst && s.noisy)
    all.push_back(noisy_formula(*s.hurst, d));
  all.push_back({"4/d", 4 / d});
  all.push_back({"2/d", 2 / d});
  all.push_back({"2/D", 2 / s.embedding_dimension});
  if (const auto own = learner_law(s);
      own && std::none_of(all.begin(), all.end(), [&](const Formula& f) { return f.id == own->id; }))
    all.push_back(*own);
  return all;
}

} // namespace cascade::theory
