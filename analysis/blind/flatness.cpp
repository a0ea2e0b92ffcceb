#include "analysis/blind/flatness.hpp"

#include "analysis/blind/block_noise.hpp"
#include "analysis/blind/marginal_fit.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

constexpr int fewest_scales = 3;

/// Variance of log F_q times the number of modes, Gaussian field.
double gaussian_scatter(const BandLayout& layout, double q) {
  constexpr double strength[] = {0.25, 0.165, 0.146};
  const double c = layout.components();
  const double rank4 = std::pow(q * (q - 2) / 4, 2) / (c / 2 * (c / 2 + 1) * 2);
  return rank4 * strength[layout.domain().dimensions() - 1] * layout.amplitudes() * (1 + (q - 4) * (q - 4) / 43);
}

ModelFamily flatness_models(const Vector& y, const Vector& scales, const Vector& variance, double zeta_2) {
  using Where = BlindCorrection::Where;
  const double small = -(std::clamp(zeta_2, 0.3, 2.5) + 0.5), prior = std::log(0.5);
  Matrix X = Matrix::Ones(y.size(), 2);
  X.col(1) = scales.array().log();
  ModelFamily family{y, X, variance.asDiagonal(), 0.3, fewest_scales, {}, {{}, {0}, {1}, {0, 1}}, 0.5};
  family.corrections = {{"u", scales.unaryExpr([small](double s) { return std::pow(s, small); }), Where::from_first,
                         true, 0.15, 0, prior},
                        {"i", scales, Where::to_last, true, 0.15, 0, prior}};
  return family;
}

} // namespace

WaveletRange wavelets_between(const BandLayout& layout, double lowest, double highest) {
  const auto& k = layout.wavelets(); // falling
  WaveletRange range;
  while (range.first < k.size() && k[range.first] > highest)
    ++range.first;
  range.last = range.first;
  while (range.last < k.size() && k[range.last] >= lowest)
    ++range.last;
  return range;
}

Flatness flatness_slope(const BandLayout& layout, const WaveletRange& range, const BlockTable& moment,
                        const BlockTable& second, double order, double zeta_2) {
  const auto n = static_cast<Index>(range.count());
  const auto realisations = static_cast<Index>(second.blocks() / layout.blocks());
  const auto powers = moment.mean(), energies = second.mean();
  Flatness result;
  result.order = order;
  result.scales = Eigen::Map<const Vector>(second.x.data() + range.first, n);
  result.log_flatness.resize(n);
  Vector gaussian(n), modes(n), wavenumbers(n);
  for (Index j = 0; j < n; ++j) {
    const std::size_t at = range.first + static_cast<std::size_t>(j);
    wavenumbers(j) = layout.wavelets()[at];
    modes(j) = wavelet_modes(layout, wavenumbers(j), layout.domain().dimensions() + std::max(0.1, zeta_2)) *
               static_cast<double>(realisations);
    gaussian(j) = gaussian_scatter(layout, order) / modes(j);
    result.log_flatness(j) = std::log(powers[at]) - order / 2 * std::log(energies[at]);
  }
  const Matrix influences =
      block_influences(moment, range.first, range.last) - order / 2 * block_influences(second, range.first, range.last);
  const BlockGrid grid{layout.domain().dimensions(), layout.blocks_per_side(), realisations};
  const Vector noise = own_noise(influences, gaussian, wavenumbers, grid, 0.25);
  result.variance = gaussian.cwiseProduct(noise);
  result.log_flatness.array() += order / 2 * (order / 2 - 1) / 2 / modes.array() + result.variance.array() / 2;

  const ModelAverage average =
      average_models(flatness_models(result.log_flatness, result.scales, result.variance, zeta_2));
  result.slope = average.value;
  result.error = average.error;
  result.zero = average.zero;
  result.influence = influences.transpose() * average.estimator;
  result.freedom = average.zero < 0.9 ? block_freedom(result.influence) : 1000;
  return result;
}

} // namespace cascade::analysis
