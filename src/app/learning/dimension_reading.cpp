#include "app/learning/dimension_reading.hpp"

#include "analysis/neighbours/space_blocks.hpp"
#include "solvers/manifold/cloud.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::app {
namespace {

constexpr std::int64_t most_known_points = 4096, most_known_dimension = 64, fewest_rounded = 100;

/// Whether more than half of the points have one and the same ratio of their distances to these two neighbours.
bool alike(const analysis::Neighbours& near, std::int64_t inner, std::int64_t outer) {
  constexpr double same = 1e-9;
  std::vector<double> logs;
  for (std::int64_t i = 0; i < near.queries(); ++i) {
    const double* const own = near.distance.data() + i * near.k;
    logs.push_back(std::log(own[outer - 1] / own[inner - 1]));
  }
  std::sort(logs.begin(), logs.end());
  for (std::size_t i = 0; i + logs.size() / 2 < logs.size(); ++i)
    if (logs[i + logs.size() / 2] - logs[i] <= same)
      return true;
  return false;
}

/// One coordinate of all points.
std::vector<double> along(const core::PointCloud& cloud, std::int64_t axis) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < cloud.size(); ++i)
    out.push_back(cloud.row(i)[static_cast<std::size_t>(axis)]);
  return out;
}

/// The step all of these numbers are whole multiples of, from the smallest; 0: there is none, or only two values.
double step_of(std::vector<double> values) {
  constexpr double whole = 1e-2; // of a step: decimals in single precision are off by as much
  std::sort(values.begin(), values.end());
  const double range = values.back() - values.front();
  double step = range;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (const double gap = values[i] - values[i - 1]; gap > 0)
      step = std::min(step, gap);
  if (!(step > 0) || step == range)
    return 0;
  step = range / std::round(range / step);
  return std::all_of(values.begin(), values.end(),
                     [&](double v) {
                       const double steps = (v - values.front()) / step;
                       return std::abs(steps - std::round(steps)) < whole;
                     })
             ? step
             : 0;
}

} // namespace

std::vector<DimensionReading> read_dimensions(const DimensionSection& s, const core::PointCloud& cloud,
                                              const analysis::Neighbours& near, const std::vector<int>& parts,
                                              const core::Communicator& ranks) {
  std::vector<DimensionReading> out;
  if (s.wants("two_nn"))
    out.push_back({"two_nn", analysis::two_nn(near, parts)});
  if (s.wants("two_nn_ml"))
    out.push_back({"two_nn_ml", analysis::two_nn_ml(near, parts)});
  if (s.wants("mle"))
    for (const std::int64_t k : s.neighbours)
      if (k <= near.k)
        out.push_back({"mle", analysis::levina_bickel(near, k, parts)});
  if (s.wants("correlation") && near.k >= analysis::correlation_outer)
    out.push_back({"correlation", analysis::correlation_dimension(cloud, near, parts, ranks)});
  if (s.wants("gride"))
    for (std::int64_t m = 1; 2 * m <= std::min(s.gride_neighbours, near.k); m *= 2)
      out.push_back({"gride", analysis::gride(near, m, parts)});
  for (DimensionReading& one : out) {
    const std::int64_t outer = one.estimate.order;
    const std::int64_t inner = one.estimator == "correlation" ? analysis::correlation_inner
                               : one.estimator == "gride"     ? outer / 2
                                                              : 1;
    if (alike(near, inner, outer))
      one.estimate.value = std::numeric_limits<double>::quiet_NaN();
  }
  return out;
}

std::vector<double> steps_of(const core::PointCloud& cloud) {
  std::vector<double> steps;
  for (std::int64_t a = 0; a < cloud.dimension; ++a)
    steps.push_back(step_of(along(cloud, a)));
  return steps;
}

std::vector<double> moved_by_rounding(const DimensionSection& section, const core::PointCloud& cloud,
                                      const std::vector<DimensionReading>& readings, const core::Communicator& ranks) {
  std::vector<double> lows, steps;
  for (std::int64_t a = 0; a < cloud.dimension; ++a) {
    const std::vector<double> values = along(cloud, a);
    steps.push_back(step_of(values));
    lows.push_back(*std::min_element(values.begin(), values.end()));
  }
  const auto width = static_cast<std::size_t>(cloud.dimension);
  const std::int64_t first = cloud.size() * ranks.rank() / ranks.size(),
                     last = cloud.size() * (ranks.rank() + 1) / ranks.size();
  core::PointCloud coarse;
  coarse.dimension = cloud.dimension;
  coarse.points = core::share_numbers((last - first) * cloud.dimension, ranks, [&](std::span<double> place) {
    const double* const value = cloud.row(first).data();
    for (std::size_t i = 0; i < place.size(); ++i) {
      const double step = steps[i % width], low = lows[i % width];
      place[i] = step > 0 ? low + 2 * step * std::floor(std::round((value[i] - low) / step) / 2) : value[i];
    }
  });
  core::drop_duplicates(coarse, ranks);
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  if (coarse.size() < fewest_rounded && 2 * coarse.size() < cloud.size())
    return std::vector<double>(readings.size(), unknown);
  const std::int64_t k = std::min(section.most_neighbours(), coarse.size() - 1);
  const analysis::Neighbours near = analysis::nearest(coarse, coarse, k, true, ranks);
  const std::vector<DimensionReading> again =
      read_dimensions(section, coarse, near, analysis::space_blocks(coarse, 1), ranks);
  if (again.size() != readings.size()) // too few points for the farthest neighbours
    return {};
  std::vector<double> out;
  for (std::size_t i = 0; i < readings.size(); ++i)
    out.push_back(std::abs(again[i].estimate.value - readings[i].estimate.value));
  return out;
}

std::vector<double> relative_biases(const DimensionSection& section, double d, std::int64_t n, std::uint64_t seed,
                                    const core::Communicator& ranks) {
  solvers::ManifoldParameters p;
  p.dimension = std::clamp<std::int64_t>(std::llround(d), 1, most_known_dimension);
  p.points = std::min(n, most_known_points);
  const auto known = static_cast<double>(*p.dimension);
  const double thinner = std::pow(static_cast<double>(n) / static_cast<double>(p.points), -1 / known);
  std::vector<double> worst;
  for (const char* const set : {"sphere", "cube"}) {
    p.manifold = set;
    const core::PointCloud cloud = solvers::make_cloud(p, seed, {p.points, 0, 0, false}, ranks);
    const std::int64_t k = std::min(section.most_neighbours(), cloud.size() - 1);
    const analysis::Neighbours near = analysis::nearest(cloud, cloud, k, true, ranks);
    const std::vector<DimensionReading> readings =
        read_dimensions(section, cloud, near, analysis::space_blocks(cloud, 1), ranks);
    worst.resize(readings.size());
    for (std::size_t i = 0; i < readings.size(); ++i)
      worst[i] = std::max(worst[i], std::abs(readings[i].estimate.value / known - 1) * thinner);
  }
  return worst;
}

} // namespace cascade::app
