#include "analysis/blind/taper.hpp"

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace cascade::analysis {
namespace {

using core::Index;

constexpr double ramp = 0.375; ///< of the box, at either end

/// Product of the tapers along the first two array axes, where they are there, at a local line.
double taper_across(const core::RealField& field, Index i, Index j) {
  const core::Domain& domain = field.domain();
  double w = 1;
  if (domain.dimensions() > 2)
    w *= cosine_taper(field.box().begin[0] + i, domain.points(0));
  if (domain.dimensions() > 1)
    w *= cosine_taper(field.box().begin[1] + j, domain.points(1));
  return w;
}

double tapered_mean(const core::RealField& field, int component, const std::vector<double>& along,
                    const core::Communicator& communicator) {
  core::ExactSum sum;
  for (Index i = 0; i < field.box().extent(0); ++i)
    for (Index j = 0; j < field.box().extent(1); ++j) {
      const auto line = field.line(component, i, j);
      double partial = 0;
      for (std::size_t k = 0; k < line.size(); ++k)
        partial += along[k] * line[k];
      sum.add(partial * taper_across(field, i, j));
    }
  communicator.sum(std::span(&sum, 1));
  double total = 1;
  for (int axis = field.domain().first_axis(); axis < 3; ++axis) {
    double one_axis = 0;
    for (Index k = 0; k < field.domain().points(axis); ++k)
      one_axis += cosine_taper(k, field.domain().points(axis));
    total *= one_axis;
  }
  return sum.value() / total;
}

} // namespace

double cosine_taper(Index i, Index points) {
  const double x = (static_cast<double>(i) + 0.5) / static_cast<double>(points);
  const double end = std::fmin(x, 1 - x);
  const double s = end < ramp ? std::sin(0.5 * std::numbers::pi * end / ramp) : 1.0;
  return s * s;
}

namespace {

/// Means of w^2 and w^4 along an axis.
std::pair<double, double> taper_moments(Index points) {
  double second = 0, fourth = 0;
  for (Index i = 0; i < points; ++i) {
    const double w = cosine_taper(i, points);
    second += w * w;
    fourth += w * w * w * w;
  }
  return {second / static_cast<double>(points), fourth / static_cast<double>(points)};
}

} // namespace

double share_under_taper(const core::Domain& domain) {
  double share = 1;
  for (int axis = domain.first_axis(); axis < 3; ++axis) {
    const auto [second, fourth] = taper_moments(domain.points(axis));
    share *= second * second / fourth;
  }
  return share;
}

double power_under_taper(const core::Domain& domain) {
  double power = 1;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    power *= taper_moments(domain.points(axis)).first;
  return power;
}

TaperExcess taper_excess(int dimensions, double beta, double k) {
  constexpr double variance = 1 / (16 * ramp * (1 - 1.25 * ramp));
  const double scale = 0.5 * variance / (k * k);
  return {scale * beta * (beta + 2 - dimensions), scale * (2 * beta + 2 - dimensions)};
}

core::RealField tapered(const core::RealField& field, const core::Domain& periodic,
                        const core::Communicator& communicator) {
  const core::Decomposition& own = field.decomposition();
  core::RealField result(core::Decomposition(periodic, own.rows(), own.columns()), field.rank(), field.components());
  std::vector<double> along;
  for (Index k = 0; k < field.domain().points(2); ++k)
    along.push_back(cosine_taper(k, field.domain().points(2)));
  for (int c = 0; c < field.components(); ++c) {
    const double mean = tapered_mean(field, c, along, communicator);
    for (Index i = 0; i < field.box().extent(0); ++i)
      for (Index j = 0; j < field.box().extent(1); ++j) {
        const double across = taper_across(field, i, j);
        const auto from = field.line(c, i, j);
        const auto to = result.line(c, i, j);
        for (std::size_t k = 0; k < to.size(); ++k)
          to[k] = across * along[k] * (from[k] - mean);
      }
  }
  return result;
}

} // namespace cascade::analysis
