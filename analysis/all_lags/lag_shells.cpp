#include "analysis/all_lags/lag_shells.hpp"

#include "analysis/spectrum/spectrum.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {

using core::Index;

LagShells::LagShells(const core::Domain& domain, const core::LagTransform& transform)
    : width_(std::numeric_limits<double>::infinity()) {
  double corner = 0;
  for (int a = 0; a < 3; ++a) {
    const auto at = static_cast<std::size_t>(a);
    axes_[at] = transform.axis(a);
    if (a < domain.first_axis() || domain.points(a) == 1)
      continue;
    spacing_[at] = domain.spacing(a);
    width_ = std::min(width_, spacing_[at]);
    corner = std::hypot(corner, spacing_[at] * static_cast<double>(axes_[at].largest));
  }
  constexpr double most = 1 << 24;
  const double shells = std::isfinite(width_) ? corner / width_ : 0;
  if (!(shells < most))
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("lags would have {:.3g} shells, as wide as the finest spacing of the axes ({}); check "
                    "the lengths of the axes",
                    shells, width_));
  const std::vector<std::size_t> first = spectrum_bins(static_cast<std::size_t>(std::lround(shells)) + 1);
  bin_.resize(first.back());
  for (std::size_t b = 0; b + 1 < first.size(); ++b)
    std::fill(bin_.begin() + static_cast<std::ptrdiff_t>(first[b]),
              bin_.begin() + static_cast<std::ptrdiff_t>(first[b + 1]), b);
  bins_ = first.size() - 1;
}

bool LagShells::counted(const Lag& lag) const {
  for (const Index l : lag)
    if (l != 0)
      return l > 0;
  return false;
}

double LagShells::length(const Lag& lag) const {
  const double x = spacing_[0] * static_cast<double>(lag[0]), y = spacing_[1] * static_cast<double>(lag[1]),
               z = spacing_[2] * static_cast<double>(lag[2]);
  return std::sqrt(x * x + y * y + z * z);
}

std::size_t LagShells::shell(double length) const {
  return bin_[std::min(static_cast<std::size_t>(std::lround(length / width_)), bin_.size() - 1)];
}

double LagShells::weight(const Lag& lag) const {
  double w = 1;
  for (std::size_t a = 0; a < 3; ++a)
    if (axes_[a].periodic && lag[a] != 0 && 2 * std::abs(lag[a]) == axes_[a].points)
      w *= 0.5;
  return w;
}

double LagShells::pairs(const Lag& lag) const {
  double p = 1;
  for (std::size_t a = 0; a < 3; ++a)
    p *= static_cast<double>(axes_[a].pairs(lag[a]));
  return p;
}

} // namespace cascade::analysis
