#include "analysis/blind/band_layout.hpp"

#include "analysis/blind/taper.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::analysis {
namespace {

constexpr double smallest_side = 4; ///< points of the smallest cells that wavelets look into

/// Wavelets an octave apart from the smallest cells to the blocks.
int wavelet_count(int blocks, core::Index points) {
  return static_cast<int>(std::floor(std::log2(static_cast<double>(points) / (smallest_side * blocks)) + 1e-9)) + 1;
}

/// Few blocks make their own scatter uncertain, many leave no wavelets above them: in three dimensions 6, or 4 where
/// that is how to have the four that an intermittent field needs.
int block_count(int dimensions, core::Index points) {
  const bool fewer = wavelet_count(6, points) < 4 && wavelet_count(4, points) > wavelet_count(6, points);
  const int wanted = dimensions == 1 ? (points < 4096 ? 16 : 64) : dimensions == 2 ? 8 : fewer ? 4 : 6;
  return static_cast<int>(std::min<core::Index>(wanted, points));
}

} // namespace

BandLayout::BandLayout(const core::Domain& domain, int components, bool periodic, const std::vector<double>& orders)
    : bins_(domain), components_(components), periodic_(periodic),
      per_side_(block_count(domain.dimensions(), domain.points())), orders_{2} {
  while (resolved_ < bins_.count() && bins_[resolved_].wavenumber >= 2 * per_side_)
    ++resolved_;
  const auto points = static_cast<double>(domain.points());
  for (double side = smallest_side; points >= side * per_side_; side *= 2) // k_j = 2 n/(pi side)
    if (const double k = 2 * points / (std::numbers::pi * side); k >= lowest_wavenumber())
      wavelets_.push_back(k);
  for (const double order : orders)
    if (std::find(orders_.begin(), orders_.end(), order) == orders_.end())
      orders_.push_back(order);
  if (!periodic)
    share_ = share_under_taper(domain);
}

double BandLayout::transforms(int dimensions, core::Index points) {
  const double side = block_count(dimensions, points), n = static_cast<double>(points);
  const double shells = 2 * std::log2(n / (4 * side)), wavelets = std::log2(n / (4 * side)) + 1;
  return 1 + std::max(shells, 0.0) + std::max(wavelets, 0.0);
}

double BandLayout::blocks(const core::Domain& domain) {
  return std::pow(block_count(domain.dimensions(), domain.points()), domain.dimensions());
}

double BandLayout::rows(core::Index points) {
  return 2 * std::log2(static_cast<double>(points)) + 1;
}

double BandLayout::wavelet_rows(int dimensions, core::Index points) {
  return std::max(0, wavelet_count(block_count(dimensions, points), points));
}

std::size_t BandLayout::blocks() const {
  std::size_t result = 1;
  for (int a = 0; a < domain().dimensions(); ++a)
    result *= static_cast<std::size_t>(per_side_);
  return result;
}

double wavelet_modes(const BandLayout& layout, double wavenumber, double beta) {
  double sum = 0, squares = 0;
  for (std::size_t j = 0; j < layout.bins().count(); ++j)
    for (const ShellBins::Node& node : layout.bins()[j].nodes) {
      const double log_ratio = node.log_k - std::log(wavenumber);
      const double power = std::exp((8 - beta) * log_ratio - 4 * std::exp(2 * log_ratio)); // H^2 P
      sum += node.count * power;
      squares += node.count * power * power;
    }
  return sum * sum / (2 * squares) * layout.amplitudes() * layout.tapered_share();
}

void BandTables::append(const BandTables& other) {
  energy.append(other.energy);
  moments.resize(std::max(moments.size(), other.moments.size()));
  for (std::size_t i = 0; i < other.moments.size(); ++i)
    moments[i].append(other.moments[i]);
}

} // namespace cascade::analysis
