#include "analysis/fit/gaps.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

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
