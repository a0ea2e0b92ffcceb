#include "analysis/losses/loss_outlook.hpp"

#include "analysis/losses/loss_search.hpp"
#include "core/talk/errors.hpp"
#include "theory/scaling/scaling_cost.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cascade::analysis {
namespace {

constexpr double unreached = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::size_t> by_x(const LossTable& table) {
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return table.x[i] < table.x[j]; });
  return order;
}

/// Straight line through (log x, log y); NaN when a value is not positive or x does not vary.
LocalSlope slope_through(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  LocalSlope s{nan, nan, nan, static_cast<int>(x.size())};
  if (x.size() < 3 || std::any_of(y.begin(), y.end(), [](double v) { return !(v > 0); }))
    return s;
  double mx = 0, my = 0, xx = 0, xy = 0, rest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mx += std::log(x[i]) / n;
    my += std::log(y[i]) / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (std::log(x[i]) - mx) * (std::log(x[i]) - mx);
    xy += (std::log(x[i]) - mx) * (std::log(y[i]) - my);
  }
  if (!(xx > 1e-12))
    return s;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = std::log(y[i]) - my - xy / xx * (std::log(x[i]) - mx);
    rest += r * r;
  }
  s.x = std::exp(mx);
  s.exponent = -xy / xx;
  s.standard_error = std::sqrt(rest / (n - 2) / xx);
  return s;
}

/// The loss with parts of the law taken off.
double part(const LossTable& t, const LossParameters& p, std::size_t i, bool without_pedestal) {
  return t.loss[i] - (t.two_variables() ? p.second_amplitude * std::pow(t.z[i], -p.beta) : 0) -
         (without_pedestal ? p.pedestal : 0);
}

LocalSlope slope_of(const LossTable& t, const LossParameters& p, const std::vector<std::size_t>& order,
                    std::size_t first, std::size_t last, bool without_pedestal) {
  std::vector<double> x, y;
  for (std::size_t k = first; k < last; ++k) {
    x.push_back(t.x[order[k]]);
    y.push_back(part(t, p, order[k], without_pedestal));
  }
  return slope_through(x, y);
}

} // namespace

Interval LocalSlope::interval() const {
  if (points < 3 || !std::isfinite(exponent))
    return {-unreached, unreached};
  const double t = gsl_cdf_tdist_Pinv(0.975, points - 2);
  return {exponent - t * standard_error, exponent + t * standard_error};
}

Outlook outlook(const LossTable& table, const LossFit& fit) {
  const LossParameters& p = fit.parameters;
  const auto order = by_x(table);
  const std::size_t n = table.size(), width = std::min(n, std::max<std::size_t>(4, n / 6));
  Outlook o;
  const auto same = [&](std::size_t a, std::size_t b) { return table.x[order[a]] == table.x[order[b]]; };
  for (std::size_t first = 0; first < n;) {
    std::size_t last = std::min(n, first + width);
    while (last < n && same(last - 1, last))
      ++last;
    if (last - first >= std::min<std::size_t>(width, 3))
      o.slopes.push_back(slope_of(table, p, order, first, last, false));
    first += std::max<std::size_t>(1, width / 2);
  }
  std::erase_if(o.slopes, [](const LocalSlope& s) { return !std::isfinite(s.exponent); });
  std::size_t begin = n - width;
  while (begin > 0 && (same(begin, begin - 1) || same(begin, n - 1)))
    --begin;
  o.running = slope_of(table, p, order, begin, n, false);
  o.corrected = slope_of(table, p, order, begin, n, true);
  const std::size_t end = order.back();
  o.largest_x = table.x[end];
  o.critical_x = p.pedestal > 0 ? std::pow(p.amplitude / p.pedestal, 1 / p.alpha) : unreached;
  const double reducible = p.amplitude * std::pow(o.largest_x, -p.alpha);
  const double other = table.two_variables() ? p.second_amplitude * std::pow(table.z[end], -p.beta) : 0;
  o.law_running = p.alpha * reducible / (p.pedestal + reducible + other);
  o.halve_reducible = theory::halving_factor(p.alpha);
  o.halve_total = theory::halving_factor_total(p.pedestal + other, reducible, p.alpha);
  o.optimal_share = o.optimal_exponent = o.optimal_halving = nan;
  if (has_second(fit.model)) {
    o.optimal_share = theory::compute_optimal_share(p.alpha, p.beta);
    o.optimal_exponent = theory::compute_optimal_exponent(p.alpha, p.beta);
    o.optimal_halving = theory::halving_factor(o.optimal_exponent);
  }
  return o;
}

std::optional<HeldOut> predict_held_out(const LossTable& table, const LossFit& fit, double share) {
  const auto order = by_x(table);
  const auto held = static_cast<std::size_t>(std::ceil(share * static_cast<double>(table.size())));
  if (held == 0 || held >= table.size())
    return std::nullopt;
  const double cut = table.x[order[table.size() - held]];
  std::vector<std::size_t> below;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table.x[i] < cut)
      below.push_back(i);
  const LossTable rest = table.subset(below);
  try {
    const LossFit without = fit_losses(rest, fit.model, fit.options);
    HeldOut h;
    double inside = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
      const double predicted = without.parameters.loss(table.x[i], table.two_variables() ? table.z[i] : 1);
      const double r = std::log(table.loss[i] / predicted);
      if (table.x[i] < cut) {
        inside += r * r;
        continue;
      }
      ++h.points;
      h.mean += r;
      h.rms += r * r;
    }
    h.mean /= h.points;
    h.rms = std::sqrt(h.rms / h.points);
    h.scatter = std::sqrt(inside / static_cast<double>(rest.size()));
    return h;
  } catch (const core::Error&) { // too few points: nothing to say
    return std::nullopt;
  }
}

} // namespace cascade::analysis
