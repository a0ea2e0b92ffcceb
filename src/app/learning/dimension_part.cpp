#include "analysis/dimension/estimators.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "app/learning/case_run.hpp"
#include "app/learning/dimension_reading.hpp"
#include "solvers/manifold/cloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::DimensionEstimate;
using analysis::Neighbours;

constexpr int parts_depth = 5;                // 32 parts
constexpr std::int64_t fewest_in_curve = 200; // points of the thinnest cloud of the curve d(n)

/// `bias`: what may be missed beside chance, of d.
analysis::Result dimension_result(const CaseRun& run, const std::string& estimator, const std::string& suffix,
                                  const DimensionEstimate& e, double bias) {
  analysis::Result r;
  r.id = run.id("dimension/" + estimator + suffix);
  r.stage = "dimension";
  r.quantity = "dimension_intrinsic";
  r.title = "d";
  r.method = "neighbours";
  r.labels = {{"estimator", estimator}, {"points", e.points}, {"neighbours", e.order}};
  r.labels.say(estimator + (estimator == "mle" ? fmt::format(", k = {}", e.order) : ""));
  const double error = std::hypot(e.standard_error, bias);
  r.measured = {e.value, error, {e.value - 1.96 * error, e.value + 1.96 * error}};
  r.fit.model = estimator;
  r.fit.points = static_cast<int>(e.points);
  r.fit.statistical_error = e.standard_error;
  r.fit.systematic_error = bias;
  return r;
}

analysis::Curve dimension_curve(const std::vector<DimensionEstimate>& estimates, const std::string& name,
                                const std::string& unit, const std::function<double(const DimensionEstimate&)>& x) {
  analysis::Curve c;
  c.x_axis = {name, unit};
  c.y_axis = {"d", "1", analysis::Scale::linear};
  std::vector<DimensionEstimate> sorted(estimates);
  std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) { return x(a) < x(b); });
  for (const DimensionEstimate& e : sorted) {
    c.x.push_back(x(e));
    c.y.push_back(e.value);
    c.standard_error.push_back(e.standard_error);
    c.count.push_back(static_cast<double>(e.points));
  }
  return c;
}

double points_of(const DimensionEstimate& e) {
  return static_cast<double>(e.points);
}

/// What TwoNN and Levina-Bickel (k = 20) read on spheres of known d, with so many points.
std::vector<std::array<double, 3>> read_on_spheres(const CaseRun& run, std::int64_t points) {
  constexpr std::int64_t dimensions[] = {1, 2, 3, 5, 8, 12, 16, 24, 32, 48};
  std::vector<std::array<double, 3>> out;
  auto stage = run.progress.begin(run.where() + "spheres", static_cast<double>(std::size(dimensions)));
  for (const std::int64_t d : dimensions) {
    solvers::ManifoldParameters p;
    p.manifold = "sphere";
    p.dimension = d;
    p.points = points;
    const core::PointCloud cloud = solvers::make_cloud(p, run.config.seed(), {points, 0, 0, false}, run.ranks);
    const Neighbours near = analysis::nearest(cloud, cloud, 20, true, run.ranks);
    const std::vector<int> parts = analysis::space_blocks(cloud, 1);
    out.push_back(
        {static_cast<double>(d), analysis::two_nn(near, parts).value, analysis::levina_bickel(near, 20, parts).value});
    stage.advance();
  }
  return out;
}

/// What rounded coordinates may have done, as a part of the errors. Where it is more than chance, that is said.
void add_rounding(const CaseRun& run, const core::PointCloud& cloud, std::vector<DimensionReading>& readings,
                  CaseOutcome& outcome) {
  const std::vector<double> moved = moved_by_rounding(run.config.dimension, cloud, readings, run.ranks);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    DimensionReading& one = readings[i];
    if (moved[i] > one.estimate.standard_error)
      outcome.warnings.push_back(fmt::format(
          "{}{}, {} neighbours: coordinates are rounded; rounded to twice their step they read d = {:.3g} off "
          "this value, which is part of the error",
          run.where(), one.estimator, one.estimate.order, moved[i]));
    one.rounding = moved[i];
  }
}

} // namespace

void measure_dimension(const CaseRun& run, const core::PointCloud& cloud, bool spheres, CaseOutcome& outcome) {
  const DimensionSection& s = run.config.dimension;
  if (!s.enabled)
    return;
  if (!cloud.weights.empty())
    outcome.warnings.push_back(run.where() + "estimates of d take every point once, whatever its weight");
  const std::int64_t most = std::min(s.most_neighbours(), cloud.size() - 1);
  auto stage = run.progress.begin(run.where() + "neighbours", 1);
  const Neighbours near = analysis::nearest(cloud, cloud, most, true, run.ranks);
  stage.advance();
  const std::vector<int> parts = analysis::space_blocks(cloud, parts_depth);
  std::vector<DimensionEstimate> fits, likelihoods; // against n
  if (s.wants("two_nn") || s.wants("two_nn_ml"))
    for (std::int64_t n = cloud.size(); n >= fewest_in_curve || n == cloud.size(); n /= 2) {
      const bool all = n == cloud.size();
      const core::PointCloud thinned = all ? core::PointCloud() : cloud.first(n);
      const Neighbours two = all ? near : analysis::nearest(thinned, thinned, 2, true, run.ranks);
      const std::vector<int> thinned_parts = all ? parts : analysis::space_blocks(thinned, parts_depth);
      fits.push_back(analysis::two_nn(two, thinned_parts));
      likelihoods.push_back(analysis::two_nn_ml(two, thinned_parts));
    }
  std::vector<DimensionReading> readings = read_dimensions(s, cloud, near, parts, run.ranks);
  if (run.source.rounded())
    add_rounding(run, cloud, readings, outcome);
  std::erase_if(readings, [&](const DimensionReading& one) { // no ratio of distances says anything where all are one
    const bool none = !std::isfinite(one.estimate.value) || !std::isfinite(one.estimate.standard_error) ||
                      !std::isfinite(one.rounding);
    if (none)
      outcome.warnings.push_back(fmt::format("{}no d from {}: neighbours are equally far, as on a grid or in data "
                                             "rounded to few digits; add noise below the last digit",
                                             run.where(), one.estimator));
    return none;
  });
  const auto judged = std::find_if(readings.begin(), readings.end(),
                                   [&](const DimensionReading& one) { return one.estimator == s.judge; });
  std::vector<double> biases(readings.size(), 0.0);
  if (s.bias && !readings.empty()) {
    auto known = run.progress.begin(run.where() + "sets of known d", 1);
    const DimensionReading& about = judged == readings.end() ? readings.front() : *judged;
    biases = relative_biases(s, about.estimate.value, cloud.size(), run.config.seed(), run.ranks);
    known.advance();
  }
  std::vector<DimensionEstimate> by_k, by_scale;
  for (const DimensionReading& one : readings)
    if (one.estimator == "mle" || one.estimator == "gride")
      (one.estimator == "mle" ? by_k : by_scale).push_back(one.estimate);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto& [estimator, e, rounding] = readings[i];
    const bool many = estimator == "mle" || estimator == "gride";
    outcome.dimensions.push_back(dimension_result(run, estimator, many ? fmt::format("/k{}", e.order) : "", e,
                                                  std::hypot(biases[i] * e.value, rounding)));
    analysis::Result& r = outcome.dimensions.back();
    if (estimator == "two_nn" || estimator == "two_nn_ml")
      r.curve = dimension_curve(estimator == "two_nn" ? fits : likelihoods, "n", "points", points_of);
    else if (estimator == "mle")
      r.curve =
          dimension_curve(by_k, "k", "neighbours", [](const auto& one) { return static_cast<double>(one.order); });
    else if (estimator == "gride")
      r.curve = dimension_curve(by_scale, "r", "coordinate", [](const auto& one) { return one.scale; });
    if (estimator == s.judge && !outcome.dimension)
      outcome.dimension = r.measured;
  }
  if (spheres && s.calibration_points > 0)
    outcome.bias = read_on_spheres(run, s.calibration_points);
  if (most >= 20)
    outcome.local_dimension = analysis::local_dimension(near, 10);
}

} // namespace cascade::app
