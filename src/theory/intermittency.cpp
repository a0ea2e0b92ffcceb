#include "theory/intermittency.hpp"

#include "theory/multifractal_law.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

namespace cascade::theory {
namespace {

struct Candidate {
  const char* model;
  const char* parameter; ///< "" : none
  double lowest, highest;
  const char* formula;
};

constexpr Candidate candidates[] = {{"K41", "", 0, 0, "p/3"},
                                    {"beta", "D - d", 0, 2, "p/3 + (D - d) (1 - p/3)"},
                                    {"random beta", "x", 0, 1, "p/3 - log2(1 - x + x 2^(p/3 - 1))"},
                                    {"log-normal", "mu", 0, 2, "p/3 - mu p (p - 3)/18"},
                                    {"p-model", "p", 0.5, 1, "1 - log2(a^(p/3) + (1 - a)^(p/3)), a = p"},
                                    {"She-Leveque", "", 0, 0, "p/9 + 2 (1 - (2/3)^(p/3))"}};

/// Distance from the best parameter to where the misfit has risen by `rise`, at most `farthest`.
double half_width(const std::function<double(double)>& misfit, double best, double rise, double farthest) {
  const double limit = misfit(best) + rise;
  double near = 0, far = farthest;
  if (!(std::abs(far) > 0) || misfit(best + far) < limit)
    return std::abs(far);
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (near + far);
    (misfit(best + middle) < limit ? near : far) = middle;
  }
  return std::abs(0.5 * (near + far));
}

} // namespace

double intermittency_zeta(const std::string& model, double parameter, double order) {
  Multipliers m;
  if (model == "K41")
    return order / 3;
  if (model == "beta")
    return order / 3 + parameter * (1 - order / 3);
  if (model == "random beta") {
    m.model = CascadeModel::random_beta;
    m.x = parameter;
  } else if (model == "log-normal") {
    m.model = CascadeModel::lognormal;
    m.mu = parameter;
  } else if (model == "p-model") {
    m.model = CascadeModel::p_model;
    m.p = parameter;
  } else {
    m.model = CascadeModel::log_poisson;
  }
  return m.zeta(order);
}

std::vector<IntermittencyFit> compare_intermittency(const std::vector<ZetaPoint>& points) {
  std::vector<ZetaPoint> used;
  std::copy_if(points.begin(), points.end(), std::back_inserter(used),
               [](const ZetaPoint& p) { return std::isfinite(p.value) && std::isfinite(p.error) && p.error > 0; });
  std::vector<IntermittencyFit> fits;
  if (used.size() < 3)
    return fits;
  constexpr double end = 1e-3, alike = 1e-9; // of the range; of chi^2: models that say the same keep their order
  for (const Candidate& c : candidates) {
    const auto misfit = [&](double parameter) {
      double sum = 0;
      for (const ZetaPoint& p : used) {
        const double r = (p.value - intermittency_zeta(c.model, parameter, p.order)) / p.error;
        sum += r * r;
      }
      return sum;
    };
    IntermittencyFit fit;
    fit.model = c.model;
    fit.parameter = c.parameter;
    fit.formula = c.formula;
    const int free = fit.parameter.empty() ? 0 : 1;
    if (free > 0) { // a grid, then golden section about its best point: some of the curves have two minima
      constexpr int steps = 200;
      const double width = (c.highest - c.lowest) / steps;
      int best = 0;
      for (int i = 1; i <= steps; ++i)
        if (misfit(c.lowest + i * width) < misfit(c.lowest + best * width))
          best = i;
      double low = c.lowest + std::max(best - 1, 0) * width, high = c.lowest + std::min(best + 1, steps) * width;
      constexpr double golden = 0.6180339887498949;
      for (int i = 0; i < 80; ++i) {
        const double a = high - golden * (high - low), b = low + golden * (high - low);
        if (misfit(a) < misfit(b))
          high = b;
        else
          low = a;
      }
      fit.value = 0.5 * (low + high);
      for (const double at : {c.lowest, c.highest}) // sections close in on an end and never get there
        if (std::abs(fit.value - at) < end * (c.highest - c.lowest) && misfit(at) <= misfit(fit.value) + alike)
          fit.value = at;
    }
    fit.chi_squared = misfit(fit.value);
    const auto n = static_cast<double>(used.size());
    fit.degrees_of_freedom = static_cast<int>(used.size()) - free;
    fit.at_bound = free > 0 && std::min(fit.value - c.lowest, c.highest - fit.value) < end * (c.highest - c.lowest);
    if (free > 0) {
      const double rise = std::max(1.0, fit.chi_squared / std::max(fit.degrees_of_freedom, 1));
      fit.error = 0.5 * (half_width(misfit, fit.value, rise, c.lowest - fit.value) +
                         half_width(misfit, fit.value, rise, c.highest - fit.value));
    }
    fit.aic = fit.chi_squared + 2 * free;
    fit.bic = fit.chi_squared + free * std::log(n);
    fits.push_back(fit);
  }
  std::stable_sort(fits.begin(), fits.end(), [](const IntermittencyFit& a, const IntermittencyFit& b) {
    return std::round(a.aic / alike) < std::round(b.aic / alike);
  });
  return fits;
}

} // namespace cascade::theory
