#include "analysis/blind/taper.hpp"

#include <cmath>
#include <numbers>
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
    w *= cosine_taper(field.box().begin[0] + i, domain.points());
  if (domain.dimensions() > 1)
    w *= cosine_taper(field.box().begin[1] + j, domain.points());
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
  double one_axis = 0;
  for (const double w : along)
    one_axis += w;
  return sum.value() / std::pow(one_axis, field.domain().dimensions());
}

} // namespace

double cosine_taper(Index i, Index points) {
  const double x = (static_cast<double>(i) + 0.5) / static_cast<double>(points);
  const double end = std::fmin(x, 1 - x);
  const double s = end < ramp ? std::sin(0.5 * std::numbers::pi * end / ramp) : 1.0;
  return s * s;
}

double share_under_taper(const core::Domain& domain) {
  double second = 0, fourth = 0;
  for (Index i = 0; i < domain.points(); ++i) {
    const double w = cosine_taper(i, domain.points());
    second += w * w;
    fourth += w * w * w * w;
  }
  return std::pow(second * second / (fourth * static_cast<double>(domain.points())), domain.dimensions());
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
  for (Index k = 0; k < field.domain().points(); ++k)
    along.push_back(cosine_taper(k, field.domain().points()));
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
