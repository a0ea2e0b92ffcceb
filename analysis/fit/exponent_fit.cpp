#include "analysis/fit/exponent_fit.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

struct Candidate {
  PowerLawFit fit;
  std::vector<double> replicates;
  std::size_t first = 0, last = 0;
  const PowerLawModel* model = nullptr;
  double statistical = 0, t2 = 0, p_value = 0;
  int dof = 0;
};

void judge_fit(Candidate& c, const std::vector<std::vector<double>>& residuals) {
  const FitQuality quality = hotelling(c.fit.residual, residuals, static_cast<int>(c.model->corrections.size()) + 2);
  c.dof = quality.dof;
  c.t2 = quality.t2;
  c.p_value = quality.p_value;
}

Candidate make_candidate(FitData& data, std::size_t first, std::size_t last, const PowerLawModel& model) {
  Candidate c;
  c.first = first;
  c.last = last;
  c.model = &model;
  set_errors(data, first, last);
  const double slope = loglog_slope(data.x, data.y, first, last);
  c.fit = fit_power_law(data.x, data.y, data.error, first, last, model,
                        slope > 0 ? std::max(slope - 1.0, 0.005) : slope - 1.0, slope + 1.0);
  std::vector<std::vector<double>> residuals;
  for (const auto& r : data.replicates) {
    const PowerLawFit f =
        fit_power_law(data.x, r, data.error, first, last, model, c.fit.exponent - 0.1, c.fit.exponent + 0.1);
    c.replicates.push_back(f.exponent);
    residuals.push_back(f.residual);
  }
  c.statistical = jackknife_error(c.replicates);
  judge_fit(c, residuals);
  return c;
}

/// Exponents at which the profile chi^2, scaled so that its curvature matches the jackknife error, reaches t^2.
void profile_interval(const FitData& data, const Candidate& c, double t, ExponentFit& result) {
  const auto chi2 = [&](double a) {
    return profile_chi2(data.x, data.y, data.error, c.first, c.last, *c.model, a) - c.fit.chi2;
  };
  const double s = std::max(c.statistical, 1e-9);
  const double unit = 0.5 * (chi2(c.fit.exponent + s) + chi2(c.fit.exponent - s));
  for (int side = 0; side < 2; ++side) {
    const double sign = side == 0 ? -1 : 1;
    double low = 0, high = 8 * t * s;
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (low + high);
      (chi2(c.fit.exponent + sign * middle) < t * t * unit ? low : high) = middle;
    }
    result.profile95[side] = c.fit.exponent + sign * low;
  }
}

} // namespace

void finish(ExponentFit& result, std::size_t blocks) {
  result.standard_error = std::hypot(result.statistical_error, result.systematic_error);
  const double t = gsl_cdf_tdist_Pinv(0.975, static_cast<double>(std::max<std::size_t>(blocks, 2) - 1));
  result.interval95[0] = result.exponent - t * result.standard_error;
  result.interval95[1] = result.exponent + t * result.standard_error;
}

ExponentFit fit_exponent(const BlockTable& table, const std::vector<PowerLawModel>& models, const FitOptions& options) {
  FitData data = prepare(table);
  const double low = options.window ? (*options.window)[0] : options.lowest_x;
  const double high = options.window ? (*options.window)[1] : options.highest_x;
  std::size_t first = 0, last = 0;
  while (first < data.x.size() && data.x[first] < low * (1 - 1e-9))
    ++first;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] <= high * (1 + 1e-9))
      last = i;
  const std::size_t least = models.front().corrections.size() + 3;
  if (last < first || last - first + 1 < least)
    throw NoFit("too few scales for this fit");
  const std::size_t shortest =
      std::min(last - first, first + 5 > last ? last - first : std::max<std::size_t>(least, 6) - 1);

  Candidate chosen = make_candidate(data, first, last, models.front());
  while (!options.window && chosen.p_value < 0.05 && last - 1 - first >= shortest) {
    Candidate next = make_candidate(data, first, --last, models.front());
    chosen = std::move(next);
  }
  double lowest = chosen.fit.exponent, highest = lowest;
  const auto widen = [&](const Candidate& c) {
    if (c.p_value < 0.01 || c.statistical > 3 * chosen.statistical)
      return; // a fit that fails, or says nothing, is no reason to doubt the chosen one
    lowest = std::min(lowest, c.fit.exponent);
    highest = std::max(highest, c.fit.exponent);
  };
  for (std::size_t m = 0; m < models.size(); ++m)
    for (std::size_t cut = m == 0 ? 1 : 0; cut <= 2 && last - cut - first >= shortest; ++cut)
      if (last - first - cut + 1 >= models[m].corrections.size() + 3)
        widen(make_candidate(data, first, last - cut, models[m]));
  set_errors(data, chosen.first, chosen.last);

  ExponentFit result;
  result.exponent = chosen.fit.exponent;
  result.statistical_error = chosen.statistical;
  result.systematic_error = 0.5 * (highest - lowest);
  result.chi2_per_dof = chosen.dof > 0 ? chosen.t2 / chosen.dof : 0;
  result.p_value = chosen.p_value;
  result.loglog_slope = loglog_slope(data.x, data.y, chosen.first, chosen.last);
  result.window[0] = data.x[chosen.first];
  result.window[1] = data.x[chosen.last];
  result.points = static_cast<int>(chosen.last - chosen.first + 1);
  result.model = chosen.model->name;
  result.replicates = chosen.replicates;
  finish(result, table.blocks());
  profile_interval(data, chosen,
                   gsl_cdf_tdist_Pinv(0.975, static_cast<double>(std::max<std::size_t>(table.blocks(), 2) - 1)),
                   result);
  return result;
}

ExponentFit widened(ExponentFit fit, double factor) {
  fit.statistical_error *= factor;
  for (double& r : fit.replicates)
    r = fit.exponent + factor * (r - fit.exponent);
  finish(fit, fit.replicates.empty() ? std::size_t{1} << 30 : fit.replicates.size());
  return fit;
}

double refit_exponent(const BlockTable& table, const PowerLawModel& model, const ExponentFit& earlier) {
  FitData data = prepare(table);
  std::size_t first = 0, last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i) {
    first += data.x[i] < earlier.window[0] * (1 - 1e-9) ? 1 : 0;
    last = data.x[i] <= earlier.window[1] * (1 + 1e-9) ? i : last;
  }
  set_errors(data, first, last);
  return fit_power_law(data.x, data.y, data.error, first, last, model, earlier.exponent - 0.1, earlier.exponent + 0.1)
      .exponent;
}

ExponentFit ratio_of_exponents(const ExponentFit& a, const ExponentFit& b) {
  ExponentFit result = a;
  result.exponent = a.exponent / b.exponent;
  for (std::size_t i = 0; i < result.replicates.size(); ++i)
    result.replicates[i] = a.replicates[i] / b.replicates[i];
  result.statistical_error = jackknife_error(result.replicates);
  result.systematic_error = std::hypot(a.systematic_error, result.exponent * b.systematic_error) / b.exponent;
  for (double* p : {&result.profile95[0], &result.profile95[1]})
    *p /= b.exponent;
  result.loglog_slope = a.loglog_slope / b.loglog_slope;
  finish(result, a.replicates.size());
  return result;
}

ExponentFit scaled(ExponentFit fit, double factor) {
  fit.exponent *= factor;
  for (double* p :
       {&fit.statistical_error, &fit.systematic_error, &fit.loglog_slope, &fit.profile95[0], &fit.profile95[1]})
    *p *= factor;
  for (double& r : fit.replicates)
    r *= factor;
  if (factor < 0)
    std::swap(fit.profile95[0], fit.profile95[1]);
  fit.statistical_error = std::abs(fit.statistical_error);
  fit.systematic_error = std::abs(fit.systematic_error);
  finish(fit, fit.replicates.empty() ? std::size_t{1} << 30 : fit.replicates.size());
  return fit;
}

} // namespace cascade::analysis
