// A point of weight w is w points.

#include "analysis/learners/learner.hpp"
#include "analysis/learners/network_training.hpp"
#include "analysis/learners/relu_layer.hpp"
#include "analysis/neighbours/roughness.hpp"
#include "core/random/random.hpp"
#include "core/ranks/communicator.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using core::PointCloud;

namespace {

/// n points of the unit square with a bent target, and weights 1, 2 and 3 with mean 1.
PointCloud weighted_square(std::int64_t n, std::uint64_t seed) {
  const core::CounterRng rng(seed, core::Stream{5});
  PointCloud c;
  c.dimension = 2;
  std::vector<double> points;
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const core::Block b = rng.block(static_cast<std::uint64_t>(i));
    const double x = core::uniform(b[0], b[1]), y = core::uniform(b[2], b[3]);
    points.insert(points.end(), {x, y});
    c.target.push_back(std::sin(7 * x) + y * y);
    c.weights.push_back(static_cast<double>(1 + i % 3));
    sum += c.weights.back();
  }
  c.points = std::move(points);
  for (double& w : c.weights)
    w *= static_cast<double>(n) / sum;
  return c;
}

/// Every point as often as its weight says, one of weight 1 being `unit` here.
PointCloud repeated(const PointCloud& cloud) {
  const double unit = *std::min_element(cloud.weights.begin(), cloud.weights.end());
  std::vector<std::int64_t> rows;
  for (std::int64_t i = 0; i < cloud.size(); ++i)
    rows.insert(rows.end(), static_cast<std::size_t>(std::lround(cloud.weight(i) / unit)), i);
  PointCloud out = cloud.subset(rows);
  out.weights.clear();
  return out;
}

analysis::LearnerOptions learner_of(const std::string& kind, const std::string& split, std::int64_t degree) {
  analysis::LearnerOptions o;
  o.kind = kind;
  o.split = split;
  o.degree = degree;
  o.ridge = 1e-3; // in equations, not of the loss: equal for both up to the weights' unit
  return o;
}

} // namespace

TEST_CASE("integer weights and repeated points give one learner and one loss", "[learners]") {
  const PointCloud train = weighted_square(300, 1), test = weighted_square(200, 2);
  const PointCloud trains = repeated(train), tests = repeated(test);
  REQUIRE(trains.size() == 600);
  const auto both = [&](analysis::LearnerOptions options, std::int64_t size, std::int64_t sizes, double unit = 1) {
    const auto one = analysis::make_learner(options);
    options.ridge *= unit;
    const auto other = analysis::make_learner(options);
    return std::pair{one->learn({train, test, 1, 0}, size), other->learn({trains, tests, 1, 0}, sizes)};
  };
  const auto check = [](const auto& pair, double roundoff) {
    CHECK(pair.first.loss > 1e-9);
    CHECK(pair.first.loss == Approx(pair.second.loss).epsilon(roundoff));
  };
  check(both(learner_of("nearest_neighbours", "", 0), 300, 600), 1e-12);
  for (const char* split : {"kd", "cart"})
    for (const int degree : {0, 1}) {
      INFO(split << " " << degree);
      check(both(learner_of("tree", split, degree), 8, 8), 1e-9);
    }
  check(both(learner_of("kernel", "", 0), 300, 600, 2), 1e-7); // a repeated point has weight 1/2 of the mean here
  const auto plain = [&] {
    PointCloud unweighted = train;
    unweighted.weights.clear();
    return analysis::make_learner(learner_of("kernel", "", 0))->learn({unweighted, test, 1, 0}, 300).loss;
  }();
  CHECK(std::abs(plain / both(learner_of("kernel", "", 0), 300, 600, 2).first.loss - 1) > 1e-3); // weights matter
}

TEST_CASE("training by weights is training on repeated points", "[learners]") {
  const PointCloud train = weighted_square(300, 3), trains = repeated(train);
  const analysis::NetworkInputs scaled(train), same(trains);
  CHECK((scaled.centre - same.centre).norm() < 1e-12);
  CHECK(scaled.scale == Approx(same.scale));
  const Eigen::MatrixXd x = scaled.columns(train, 0, 300), xs = scaled.columns(trains, 0, 600);
  const Eigen::VectorXd y = analysis::targets_of(train, 0, 300), ys = analysis::targets_of(trains, 0, 600);
  const Eigen::VectorXd roots = analysis::weight_roots(train, 0, 300), none = analysis::weight_roots(trains, 0, 600);
  CHECK(none.size() == 0);
  const Eigen::MatrixXd first = analysis::hinges_on_data(x, 12, 1, core::Stream{6}, 0);
  const Eigen::VectorXd a = analysis::solve_output(first, x, y, roots, 1e-12),
                        b = analysis::solve_output(first, xs, ys, none, 1e-12);
  CHECK((a - b).norm() < 1e-5 * a.norm());
  CHECK((a - analysis::solve_output(first, x, y, none, 1e-12)).norm() > 1e-3 * a.norm());
  const core::CounterRng rng(1, core::Stream{7});
  const analysis::TrainingSet set{x, y, roots, 300, rng, 0}, sets{xs, ys, none, 600, rng, 0};
  const Eigen::MatrixXd w = analysis::train_by_projection(first, set, 5, 0.01),
                        v = analysis::train_by_projection(first, sets, 5, 0.01);
  CHECK((w - v).norm() < 1e-5 * (w - first).norm());
  analysis::DeepNetwork deep(first, 2, rng, 0), other(first, 2, rng, 0);
  for (int step = 0; step < 3; ++step)
    CHECK(deep.step(x, y, 0.01, roots) == Approx(other.step(xs, ys, 0.01)).epsilon(1e-6));
}

TEST_CASE("points of no weight to speak of are not heard", "[learners]") {
  PointCloud quiet = weighted_square(600, 4);
  const PointCloud test = weighted_square(200, 5);
  for (std::size_t i = 0; i < quiet.weights.size(); i += 2)
    quiet.weights[i] = 1e-14;
  PointCloud wild = quiet;
  for (std::size_t i = 0; i < wild.weights.size(); i += 2)
    wild.target[i] += 3;
  for (const char* kind : {"nearest_neighbours", "tree", "random_features", "network"}) {
    analysis::LearnerOptions options = learner_of(kind, "pca", 0);
    options.k = 8;
    options.steps = 10;
    const auto learner = analysis::make_learner(options);
    const double heard = learner->learn({wild, test, 1, 0}, options.kind == "nearest_neighbours" ? 600 : 16).loss,
                 meant = learner->learn({quiet, test, 1, 0}, options.kind == "nearest_neighbours" ? 600 : 16).loss;
    INFO(kind);
    CHECK(heard == Approx(meant).epsilon(1e-6));
  }
  const core::Communicator self = core::Communicator::self();
  const std::vector<int> parts(600, 0);
  const auto heard = analysis::neighbour_differences(wild, 2, parts, self).table.mean(),
             meant = analysis::neighbour_differences(quiet, 2, parts, self).table.mean();
  for (std::size_t i = 0; i < heard.size(); ++i)
    CHECK(heard[i] == Approx(meant[i]).epsilon(1e-6));
}
