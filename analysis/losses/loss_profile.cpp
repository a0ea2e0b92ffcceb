#include "analysis/losses/loss_profile.hpp"

#include "analysis/losses/loss_minimum.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <array>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Root between `inside`, where the function is `low` <= 0, and `outside`, where it is `high` > 0: regula falsi, an end
/// that stays weighted down (Anderson and Bjorck), with halvings in between for functions it stalls on.
template <class Function>
double crossing(const Function& function, double inside, double low, double outside, double high) {
  int last = 0; // which end moved last
  for (int i = 0; i < 60 && std::abs(outside - inside) > 1e-10 * (1 + std::abs(inside)); ++i) {
    const bool halve = i % 4 == 3 || i > 16;
    const double next = halve ? (inside + outside) / 2 : inside - low * (outside - inside) / (high - low);
    const double value = function(next);
    if (std::abs(value) < 1e-8) // of the half width
      return next;
    const int side = value > 0 ? 1 : -1;
    double &moved = side > 0 ? high : low, &stays = side > 0 ? low : high;
    if (side == last)
      stays *= std::abs(value) < std::abs(moved) ? 1 - value / moved : 0.5;
    (side > 0 ? outside : inside) = next;
    moved = value;
    last = side;
  }
  return inside;
}

double LossParameters::*member_of(LossParameter parameter) {
  constexpr double LossParameters::*member[] = {&LossParameters::amplitude, &LossParameters::alpha,
                                                &LossParameters::pedestal, &LossParameters::second_amplitude,
                                                &LossParameters::beta};
  return member[static_cast<std::size_t>(parameter)];
}

} // namespace

Interval profile_interval(const LossTable& table, const LossFit& fit, LossParameter parameter, Spread spread) {
  const auto freedom = static_cast<double>(fit.points) - LossProblem(table, fit.model).variables();
  const double student = gsl_cdf_tdist_Pinv(0.975, freedom); // GSL's quantile of F gives up for many points
  double rise = student * student;
  if (spread == Spread::any) {
    const auto which = member_of(parameter);
    const double ratio = fit.robust_error.*which / (fit.standard_error.*which);
    if (std::isfinite(ratio))
      rise *= ratio * ratio;
  }
  return profile_interval_at(table, fit, parameter, rise);
}

Interval profile_interval_at(const LossTable& table, const LossFit& fit, LossParameter parameter, double rise) {
  const int variable = static_cast<int>(std::array{0, 1, 2, 3, 4}[static_cast<std::size_t>(parameter)]);
  const bool exponent = parameter == LossParameter::alpha || parameter == LossParameter::beta;
  const LossProblem problem(table, fit.model, exponent || parameter == LossParameter::pedestal);
  const bool log = logarithmic(fit.options.objective);
  const double delta = stages(fit.options).back();
  const std::vector<int> others = variables_but(problem, variable);
  const SmallVector best = problem.variables_of(fit.parameters);
  const double lowest = problem.evaluate(best, log, delta).value;
  const double limit = rise / 2 * fit.deviance_scale;
  const auto which = member_of(parameter);
  const double error = fit.standard_error.*which / (exponent ? 1 : fit.parameters.*which);
  const auto end = [&](double sign) {
    SmallVector at = best;
    // root of the rise over its limit, less one: nearly linear in the parameter, so that few trials are needed
    const auto excess = [&](double value) {
      SmallVector from = at;
      from[variable] = value;
      const Minimum m = minimise(problem, from, others, log, delta, {});
      at = m.at;
      const double above = std::max(0.0, problem.evaluate(m.at, log, delta).value - lowest);
      return limit > 0 ? std::sqrt(above / limit) - 1 : above;
    };
    double inside = best[variable], low = -1, step = exponent ? 0.02 * std::max(0.05, best[variable]) : 0.02;
    const double guess = std::sqrt(rise) * error; // where a parabola would end
    if (std::isfinite(guess))
      step = std::clamp(guess, 1e-10, 50 * step);
    double outside = inside, high = 0;
    for (;; step *= 1.6) {
      outside = inside + sign * step;
      const double bound = exponent ? (sign < 0 ? -1 : 20) : best[variable] + sign * 60;
      if (sign * (outside - bound) > 0)
        return sign < 0 && !exponent ? 0.0 : sign * infinite; // the data do not bound it
      if ((high = excess(outside)) > 0)
        break;
      inside = outside;
      low = high;
    }
    return exponent ? crossing(excess, inside, low, outside, high)
                    : std::exp(crossing(excess, inside, low, outside, high));
  };
  return {end(-1), end(1)};
}

} // namespace cascade::analysis
