#include "tests/coverage/cloud_kinds.hpp"

#include "analysis/fit/no_fit.hpp"
#include "analysis/learners/curve_fit.hpp"
#include "analysis/learners/learner.hpp"
#include "analysis/neighbours/roughness.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "app/learning/dimension_reading.hpp"
#include "solvers/manifold/cloud.hpp"

#include <cmath>
#include <string>

namespace cascade::coverage {
namespace {

solvers::ManifoldParameters any_cloud(std::uint64_t seed, std::int64_t points, int most_dimensions) {
  const core::CounterRng rng(seed, core::Stream{5});
  const core::Block b = rng.block(0), c = rng.block(1);
  solvers::ManifoldParameters p;
  const char* const sets[] = {"cube", "torus", "sphere", "sheet"};
  p.manifold = sets[b[0] % 4];
  p.dimension = 1 + b[1] % static_cast<std::uint32_t>(most_dimensions);
  p.points = points << (b[2] % 3);
  p.target.hurst = 0.2 + 0.6 * core::uniform(c[0], c[1]);
  return p;
}

Interval of_fit(const std::string& name, double truth, const analysis::ExponentFit& fit) {
  return {name,
          truth,
          analysis::decides(fit.status),
          fit.exponent,
          fit.standard_error,
          fit.interval95[0],
          fit.interval95[1]};
}

template <int most_dimensions>
std::vector<Interval> cloud_dimension(std::uint64_t seed) {
  const solvers::ManifoldParameters p = any_cloud(seed, 1000, most_dimensions);
  const core::Communicator self = core::Communicator::self();
  app::DimensionSection section;
  section.estimators = {"two_nn", "two_nn_ml", "mle", "gride"};
  section.neighbours = {5, 20};
  section.gride_neighbours = 4;
  const core::PointCloud cloud = solvers::make_cloud(p, seed, {p.points, 0, 0, false}, self);
  const analysis::Neighbours near = analysis::nearest(cloud, cloud, section.most_neighbours(), true, self);
  const auto readings = app::read_dimensions(section, cloud, near, analysis::space_blocks(cloud, 5), self);
  const auto biases = app::relative_biases(section, readings.front().estimate.value, cloud.size(), seed + 1, self);
  std::vector<Interval> out;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto& [estimator, e, rounding] = readings[i];
    const double error = std::hypot(e.standard_error, biases[i] * e.value, rounding);
    out.push_back({e.order == 2 ? estimator : estimator + ", k = " + std::to_string(e.order),
                   static_cast<double>(*p.dimension), true, e.value, error, e.value - 1.96 * error,
                   e.value + 1.96 * error});
  }
  return out;
}

template <int percent> // noise
std::vector<Interval> cloud_hurst(std::uint64_t seed) {
  solvers::ManifoldParameters p = any_cloud(seed, 4096, 2);
  p.target.kind = "modes";
  p.target.noise = percent / 100.0;
  const core::Communicator self = core::Communicator::self();
  const core::PointCloud cloud = solvers::make_cloud(p, seed, {p.points, 0, 0, false}, self);
  try {
    const auto table = analysis::neighbour_differences(cloud, 2, analysis::space_blocks(cloud, 4), self);
    const auto wider = [&] {
      return analysis::with_far_pairs(table, cloud, 2, analysis::space_blocks(cloud, 4), seed);
    };
    return {of_fit("h", p.target.hurst, analysis::fit_roughness(table, 2, wider).hurst)};
  } catch (const analysis::NoFit&) {
    return {{"h", p.target.hurst, false, 0, 0, 0, 0}};
  }
}

std::vector<Interval> learning_curve(std::uint64_t seed) {
  solvers::ManifoldParameters p = any_cloud(seed, 2048, 2);
  p.target.kind = "modes";
  const core::Communicator self = core::Communicator::self();
  analysis::LearnerOptions options;
  options.kind = "nearest_neighbours";
  const auto learner = analysis::make_learner(options);
  analysis::LearningCurve curve;
  for (std::uint64_t repeat = 0; repeat < 4; ++repeat) {
    const core::PointCloud train = solvers::make_cloud(p, seed, {p.points, repeat, repeat, false}, self),
                           test = solvers::make_cloud(p, seed, {2048, repeat, repeat, true}, self);
    curve.loss.emplace_back();
    curve.x.clear();
    for (const std::int64_t n : learner->sizes(p.points, train.dimension)) {
      curve.x.push_back(static_cast<double>(n));
      curve.loss.back().push_back(learner->learn({train, test, seed, repeat}, n).loss);
    }
  }
  const auto d = static_cast<double>(*p.dimension);
  return {of_fit("alpha of 1-NN", 2 * p.target.hurst / d, analysis::fit_learning_curve(curve, {2 / d, 5}))};
}

} // namespace

std::vector<Kind> cloud_kinds() {
  return {{"cloud dimension", "n = 1000, 2000, 4000 on cubes, tori, spheres, sheets, d = 1 to 4", 120, 20, true,
           cloud_dimension<4>},
          {"cloud of high dimension", "the same, d = 1 to 16", 120, 0, true, cloud_dimension<16>},
          {"cloud roughness", "h of modes, n = 4096, 8192, 16384, d = 1, 2", 120, 10, true, cloud_hurst<0>},
          {"noisy roughness", "the same with noise of .3 on the target", 120, 0, true, cloud_hurst<30>},
          {"learning curve", "1-NN, n up to 2048, 4096, 8192, d = 1, 2, 4 repeats", 120, 10, true, learning_curve}};
}

} // namespace cascade::coverage
