#include "analysis/fit/gaps.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

Gap measured_gap(const BlockTable& squares, double smooth, const FitOptions& options, const Gap& gap) {
  constexpr int above_end = 4;   // coarser, the missing eddies are all there is to miss
  constexpr double least = 0.02; // error of kappa
  FitData data = prepare(squares);
  const double lowest = std::exp2(above_end - gap.levels) * (1 - 1e-9), highest = options.highest_x * (1 + 1e-9);
  std::size_t first = 0, last = 0, untrusted = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i) {
    first += data.x[i] < lowest ? 1 : 0;
    last = data.x[i] <= highest ? i : last;
    untrusted += data.x[i] >= lowest && data.x[i] < options.lowest_x * (1 - 1e-9) ? 1 : 0;
  }
  if (untrusted < 2 || last < first + 6 || data.replicates.size() < 2)
    return gap;
  const PowerLawModel model{
      "", {{Correction::Kind::fixed_power, smooth, {}}, {Correction::Kind::relative_power, -gap.decay, {}}}};
  set_errors(data, first, last);
  const auto part = [&](const std::vector<double>& y) {
    const double slope = loglog_slope(data.x, y, first, last);
    const PowerLawFit fit = fit_power_law(data.x, y, data.error, first, last, model, slope - 0.5, slope + 0.5);
    return -fit.coefficients[2] / fit.coefficients[0] * std::exp2(gap.levels * gap.decay);
  };
  std::vector<double> replicates;
  for (const auto& replicate : data.replicates)
    replicates.push_back(part(replicate));
  Gap found = gap;
  found.part = part(data.y);
  found.error = std::max(least, jackknife_error(replicates));
  if (!std::isfinite(found.part) || !std::isfinite(found.error) || std::abs(found.part - 0.5) >= 0.5 + found.error ||
      found.error > gap.error)
    return gap;
  found.part = std::clamp(found.part, 0.0, 1.0);
  return found;
}

BlockTable completed(const BlockTable& table, double order, double kappa, const Gap& gap) {
  BlockTable result = table;
  for (std::size_t i = 0; i < table.points(); ++i) {
    const double missing = std::min(kappa * std::pow(std::exp2(gap.levels) * table.x[i], -gap.decay), 0.9);
    for (auto& block : result.sum)
      block[i] *= std::pow(1 - missing, -0.5 * order);
  }
  return result;
}

ExponentFit fit_completed(const BlockTable& table, double order, const std::vector<PowerLawModel>& models,
                          const FitOptions& options, const Gap& gap) {
  ExponentFit fit = fit_exponent(completed(table, order, gap.part, gap), models, options);
  const auto chosen = std::find_if(models.begin(), models.end(), [&](const auto& m) { return m.name == fit.model; });
  const auto limit = [&](double kappa) { return refit_exponent(completed(table, order, kappa, gap), *chosen, fit); };
  const double shift = 0.5 * (limit(gap.part + gap.error) - limit(gap.part - gap.error));
  fit.systematic_error = std::hypot(fit.systematic_error, shift);
  finish(fit, table.blocks());
  return fit;
}

TrustedScales trusted_scales(int levels, int scales, const std::function<double(double lowest_x)>& decay) {
  constexpr int fewest = 9, coarsest_above_end = 3;
  TrustedScales trusted;
  double lowest_x = 0;
  for (int pass = 0; pass < 2; ++pass) {
    const int deepest = static_cast<int>(std::floor(levels - 6.6 / decay(lowest_x)));
    trusted.finest = std::min(scales, std::max(deepest, std::min(levels - coarsest_above_end, fewest)));
    trusted.few = trusted.finest > deepest;
    lowest_x = std::exp2(-trusted.finest);
  }
  return trusted;
}

} // namespace cascade::analysis
