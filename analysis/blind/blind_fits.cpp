#include "analysis/blind/blind_fits.hpp"

#include "analysis/blind/block_noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cascade::analysis {
namespace {

constexpr std::size_t fewest_wavelets = 3;
constexpr double intermittent_noise = 1.3; // own noise beyond a Gaussian field's

} // namespace

BlindFits::BlindFits(const BandLayout& layout, const BandTables& tables)
    : layout_(layout), second_(second_order(layout, tables.energy)),
      influences_(block_influences(tables.energy, second_.first, second_.first + second_.resolved)),
      realisations_(static_cast<Eigen::Index>(tables.energy.blocks() / layout.blocks())) {
  if (!second_.zeta.usable())
    return;
  wavelets_ = wavelets_between(layout, second_.wavenumbers.minCoeff(), second_.wavenumbers.maxCoeff());
  if (wavelets_.count() < fewest_wavelets)
    return;
  for (std::size_t q = 1; q < layout.orders().size(); ++q)
    flatness_.push_back(flatness_slope(layout, wavelets_, tables.moments[q], tables.moments[0], layout.orders()[q],
                                       second_.zeta.value));
}

BlindExponent BlindFits::zeta(double order) const {
  const auto& orders = layout_.orders();
  if (std::find(orders.begin(), orders.end(), order) == orders.end())
    throw std::invalid_argument(fmt::format("order {} was not measured", order));
  if (order == 2 || !second_.zeta.usable())
    return second_.zeta;
  for (const Flatness& flatness : flatness_)
    if (flatness.order == order)
      return combined(flatness);
  return without_exponent(
      FitStatus::no_range,
      fmt::format("{} wavelets between the smallest scale and the blocks; orders other than 2 need {}",
                  wavelets_.count(), fewest_wavelets),
      static_cast<double>(wavelets_.count()));
}

BlindExponent BlindFits::combined(const Flatness& flatness) const {
  BlindExponent result = second_.zeta;
  const double factor = flatness.order / 2, from_second = factor * second_.zeta.error, from_flatness = flatness.error;
  const double apart = from_second * from_second + from_flatness * from_flatness;
  double variance = apart;
  if (second_.resolved >= 3 && second_.noise.maxCoeff() > intermittent_noise && flatness.zero < 0.9) {
    const BlockGrid grid{layout_.domain().dimensions(), layout_.blocks_per_side(), realisations_};
    const Eigen::VectorXd on_second =
        influences_.transpose() * second_.estimator.head(static_cast<Eigen::Index>(second_.resolved));
    const double rho = hac_covariance(on_second, flatness.influence, grid) /
                       std::sqrt(hac_variance(on_second, grid) * hac_variance(flatness.influence, grid));
    variance = std::max(0.35 * apart, apart + 2 * std::clamp(rho, -1.0, 1.0) * from_second * from_flatness);
  }
  result.value = factor * second_.zeta.value + flatness.slope;
  result.error = std::sqrt(variance);
  const double fourth = std::pow(from_second, 4) / second_.zeta.freedom + std::pow(from_flatness, 4) / flatness.freedom;
  result.freedom = apart * apart / fourth;
  if (flatness.scales.size() == static_cast<Eigen::Index>(fewest_wavelets) && flatness.zero < 0.5)
    return without_exponent(FitStatus::no_range, "three wavelets only, of an intermittent field", result.octaves);
  set_interval(result);
  return result;
}

} // namespace cascade::analysis
