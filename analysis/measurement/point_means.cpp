#include "analysis/measurement/point_means.hpp"

#include "analysis/fit/corrections.hpp"
#include "analysis/fit/no_fit.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

bool choose_scales(const Subject& subject, double part, double error,
                   const std::function<double(const FitOptions&)>& decay, Findings& findings) {
  findings.gap = {subject.sampling.levels, 1, part, error};
  const TrustedScales trusted = trusted_scales(subject.sampling.levels, subject.sampling.scales, [&](double lowest_x) {
    FitOptions options;
    options.lowest_x = lowest_x;
    findings.gap.decay = decay(options);
    return findings.gap.decay;
  });
  findings.options.lowest_x = std::exp2(-trusted.finest);
  if (!subject.window.empty())
    findings.options.window = subject.window;
  return trusted.few;
}

ExponentFit fit_point_mean(const PointMean& mean, const Findings& findings) {
  if (findings.hurst.empty())
    throw NoFit("how rough the field is could not be measured");
  const std::size_t known = std::min(static_cast<std::size_t>(mean.smoothness), findings.hurst.size()) - 1;
  const Roughness roughness{findings.hurst[known], findings.codimension, true};
  const auto models = mean_power_models(mean.order, mean.smoothness, roughness, mean.volume, mean.symbol);
  const Gap gap = mean.squares == nullptr
                      ? findings.gap
                      : measured_gap(*mean.squares, 2.0 * mean.smoothness, findings.options, findings.gap);
  return fit_completed(mean.table, mean.order, models, findings.options, gap);
}

ExponentFit fit_pieces(const BlockTable& cells, const Findings& findings) {
  return scaled(fit_exponent(cells, {{"A s^a", {}}}, findings.options), -1);
}

} // namespace cascade::analysis
