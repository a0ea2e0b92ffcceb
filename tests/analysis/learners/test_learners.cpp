// Learners on problems whose answers are known, and the exponents of their curves.

#include "analysis/fit/no_fit.hpp"
#include "analysis/learners/curve_fit.hpp"
#include "analysis/learners/learner.hpp"
#include "analysis/learners/network_training.hpp"
#include "analysis/learners/relu_layer.hpp"
#include "core/random/random.hpp"
#include "solvers/manifold/cloud.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>

using namespace cascade;
using analysis::LearnerData;
using analysis::LearnerOptions;
using analysis::LearningCurve;
using core::PointCloud;

namespace {

LearnerOptions kind(const std::string& name) {
  LearnerOptions o;
  o.kind = name;
  return o;
}

/// n points of the unit cube with f of each.
template <class F>
PointCloud sampled(std::int64_t n, std::int64_t dimension, std::uint64_t seed, F f) {
  const core::CounterRng rng(seed, core::Stream{5});
  PointCloud c;
  c.dimension = dimension;
  std::vector<double> points;
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t a = 0; a < dimension; ++a) {
      const core::Block b = rng.block(static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(a));
      points.push_back(core::uniform(b[0], b[1]));
    }
  }
  c.points = std::move(points);
  for (std::int64_t i = 0; i < n; ++i)
    c.target.push_back(f(c.row(i)));
  return c;
}

double loss_of(const LearnerOptions& options, const PointCloud& train, const PointCloud& test, std::int64_t size) {
  return analysis::make_learner(options)->learn({train, test, 1, 0}, size).loss;
}

/// Learners of the same points, of which the targets are most of the time.
void alphas_hold(const std::vector<LearnerOptions>& options, int d, double hurst, std::int64_t points) {
  solvers::ManifoldParameters p;
  p.manifold = "sheet";
  p.dimension = d;
  p.embedding_dimension = 12;
  p.points = points;
  p.target.kind = "modes";
  p.target.hurst = hurst;
  const core::Communicator self = core::Communicator::self();
  std::vector<LearningCurve> curves(options.size());
  for (std::uint64_t repeat = 0; repeat < 4; ++repeat) {
    const PointCloud train = solvers::make_cloud(p, 3, {points, repeat, repeat, false}, self),
                     test = solvers::make_cloud(p, 3, {2048, repeat, repeat, true}, self);
    for (std::size_t i = 0; i < options.size(); ++i) {
      const auto learner = analysis::make_learner(options[i]);
      LearningCurve& curve = curves[i];
      curve.x.clear();
      curve.loss.emplace_back();
      for (const std::int64_t size : learner->sizes(points, 12)) {
        const analysis::LearnerLoss l = learner->learn({train, test, 1, repeat}, size);
        curve.x.push_back(learner->resource() == "data" ? l.examples : l.parameters);
        curve.loss.back().push_back(l.loss);
      }
    }
  }
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto learner = analysis::make_learner(options[i]);
    const auto fit = analysis::fit_learning_curve(curves[i], {learner->smooth_loss_exponent(d) / d, 5});
    INFO(learner->title() << ": " << fit.exponent << " +- " << fit.standard_error);
    CHECK(std::abs(fit.exponent - 2 * hurst / d) < std::max(3 * fit.standard_error, 0.04));
    CHECK(fit.exponent + 5 * fit.standard_error < 4 * hurst / d); // 4h/d is out of reach
  }
}

LearningCurve made_curve(const std::function<double(double x, int repeat)>& loss) {
  LearningCurve c;
  for (double x = 64; x <= 8192; x *= 2)
    c.x.push_back(x);
  for (int r = 0; r < 4; ++r) {
    c.loss.emplace_back();
    for (const double x : c.x)
      c.loss.back().push_back(loss(x, r));
  }
  return c;
}

} // namespace

TEST_CASE("the exponent of a power law is found, with and without its smooth part", "[learners]") {
  const auto plain = made_curve([](double x, int r) { return (1 + 0.1 * r) * std::pow(x, -0.7); });
  const auto fit = analysis::fit_learning_curve(plain, {0, 5});
  CHECK(fit.exponent == Approx(0.7).epsilon(1e-6));
  CHECK(fit.standard_error < 1e-6); // an amplitude of its own for each repeat is no error of the exponent
  CHECK(fit.points == 6);
  const auto bent = made_curve([](double x, int r) { return std::pow(x, -0.7) + (3 + 0.01 * r) * std::pow(x, -1.0); });
  const auto mended = analysis::fit_learning_curve(bent, {1.0, 5});
  CHECK(std::abs(mended.exponent - 0.7) < 2 * mended.standard_error);
  CHECK(mended.loglog_slope > 0.75); // the straight line's
}

TEST_CASE("a training that has not ended gives no exponent, and too few points give none", "[learners]") {
  auto curve = made_curve([](double x, int r) { return (1 + 0.01 * r) * std::pow(x, -0.5); });
  curve.checked = made_curve([](double x, int) { return std::pow(x, -0.5); }).loss;
  CHECK(analysis::fit_learning_curve(curve, {0, 5}).status == analysis::FitStatus::good);
  curve.checked = made_curve([](double x, int) { return std::pow(x, -0.4); }).loss;
  const auto fit = analysis::fit_learning_curve(curve, {0, 5});
  CHECK_FALSE(analysis::decides(fit.status));
  CHECK(fit.reason.find("not converged") != std::string::npos);
  curve.loss.resize(2);
  CHECK_THROWS_AS(analysis::fit_learning_curve(curve, {0, 5}), analysis::NoFit);
  auto short_curve = made_curve([](double, int) { return 1.0; });
  CHECK_THROWS_AS(analysis::fit_learning_curve(short_curve, {0, 2}), analysis::NoFit);
  CHECK_THROWS_AS(analysis::fit_learning_curve({{}, {{}, {}, {}}, {}, {}, {}}, {0, 5}), analysis::NoFit);
  short_curve.loss[0][7] = 0;
  CHECK_THROWS_AS(analysis::fit_learning_curve(short_curve, {0, 5}), analysis::NoFit);
}

TEST_CASE("what longer training would change is part of the error", "[learners]") {
  const auto scattered = [](double exponent, double factor) {
    return made_curve([=](double x, int r) { return factor * std::pow(x, -exponent + 0.02 * (r - 1.5)); });
  };
  auto curve = scattered(0.5, 1);
  const double alone = analysis::fit_learning_curve(curve, {0, 5}).standard_error;
  // all sizes fall alike, however far: the exponent stays
  curve.checked = scattered(0.5, 1.2).loss;
  curve.quarter = scattered(0.5, 1.5).loss;
  CHECK(analysis::fit_learning_curve(curve, {0, 5}).standard_error == Approx(alone));
  // the same change of the exponent at each halving: two more of them are to be thought of; half of it each time: 3/4
  curve.checked = scattered(0.49, 1).loss;
  curve.quarter = scattered(0.48, 1).loss;
  const auto open = analysis::fit_learning_curve(curve, {0, 5});
  CHECK(open.standard_error == Approx(std::hypot(alone, 0.02)).epsilon(1e-4));
  CHECK(analysis::decides(open.status));
  curve.quarter = scattered(0.47, 1).loss;
  CHECK(analysis::fit_learning_curve(curve, {0, 5}).standard_error == Approx(std::hypot(alone, 0.0075)).epsilon(1e-4));
  CHECK(analysis::changes_to_come({4, 4}, {2, 2}, {1, 1}) == 2);
  CHECK(analysis::changes_to_come({1, 1}, {1, 1}, {2, 1}) == 2); // never slower than that
  CHECK(analysis::changes_to_come({16, 1}, {4, 1}, {2, 1}) == Approx(0.75));
}

TEST_CASE("where sizes need not gain alike, losses that still fall decide nothing", "[learners]") {
  const auto scattered = [](double factor) {
    return made_curve([=](double x, int r) { return factor * std::pow(x, -0.5 + 0.02 * (r - 1.5)); });
  };
  analysis::CurveFitOptions options{0, 5};
  options.gains_alike = false;
  auto curve = scattered(1);
  curve.checked = scattered(1.2).loss; // the exponent is that of half and of a quarter of the steps
  curve.quarter = scattered(1.5).loss;
  const auto open = analysis::fit_learning_curve(curve, options);
  CHECK_FALSE(analysis::decides(open.status));
  CHECK(open.reason.find("changed a loss by 17%") != std::string::npos);
  curve.checked = scattered(1.002).loss;
  curve.quarter = scattered(1.01).loss;
  CHECK(analysis::decides(analysis::fit_learning_curve(curve, options).status));
}

TEST_CASE("a training that its own start catches up has not ended", "[learners]") {
  CHECK_FALSE(analysis::start_catches_up({1, 2, 4}, {8, 4, 2}, {4, 2, 1}));
  CHECK(analysis::start_catches_up({1, 2, 4}, {8, 4, 2}, {4, 2, 2}));          // no better at the last size
  CHECK(analysis::start_catches_up({1, 2, 4}, {8, 4, 2}, {1, 1, 1}));          // gains 8, 4, 2: none at 8, within 16
  CHECK_FALSE(analysis::start_catches_up({1, 2, 4}, {64, 32, 16}, {1, 1, 1})); // not before 64
  auto curve = made_curve([](double x, int r) { return (1 + 0.01 * r) * std::pow(x, -0.5); });
  curve.checked = curve.quarter = curve.loss;
  curve.start = made_curve([](double x, int) { return 2 * std::pow(x, -0.5); }).loss;
  CHECK(analysis::decides(analysis::fit_learning_curve(curve, {0, 5}).status));
  curve.start = made_curve([](double x, int) { return 100 * std::pow(x, -1.0); }).loss;
  const auto caught = analysis::fit_learning_curve(curve, {0, 5});
  CHECK_FALSE(analysis::decides(caught.status));
  CHECK(caught.reason.find("what training gains falls with the size") != std::string::npos);
}

TEST_CASE("plain Adam that has not converged decides nothing", "[learners][slow]") {
  // Steps whose exponents are the same at half of them (d = 2), or whose losses hardly fall (d = 1).
  const core::Communicator self = core::Communicator::self();
  for (const int d : {1, 2}) {
    solvers::ManifoldParameters p;
    p.manifold = "cube";
    p.dimension = d;
    p.points = 4096;
    p.target.kind = "modes";
    p.target.hurst = 0.4;
    LearnerOptions adam = kind("network");
    adam.method = "adam";
    adam.steps = 500;
    const auto learner = analysis::make_learner(adam);
    LearningCurve curve;
    for (std::uint64_t repeat = 0; repeat < 3; ++repeat) {
      const PointCloud train = solvers::make_cloud(p, 1, {p.points, repeat, repeat, false}, self),
                       test = solvers::make_cloud(p, 1, {1024, repeat, repeat, true}, self);
      curve.x.clear();
      for (auto* const losses : {&curve.loss, &curve.checked, &curve.quarter, &curve.start})
        losses->emplace_back();
      for (const std::int64_t width : {8, 16, 32, 64}) {
        const analysis::LearnerLoss l = learner->learn({train, test, 1, repeat}, width);
        curve.x.push_back(l.parameters);
        curve.loss.back().push_back(l.loss);
        curve.checked.back().push_back(l.checked);
        curve.quarter.back().push_back(l.quarter);
        curve.start.back().push_back(l.start);
      }
    }
    const auto fit = analysis::fit_learning_curve(curve, {0, 5});
    INFO("d = " << d << ": " << fit.exponent << " +- " << fit.standard_error << " " << fit.reason);
    CHECK_FALSE(analysis::decides(fit.status));
  }
}

TEST_CASE("neighbours: by hand, and k by leave-one-out", "[learners]") {
  PointCloud train{1, {0, 1, 2, 10}, {1, 3, 5, 100}}, test{1, {0.1, 1.6}, {0, 0}};
  CHECK(loss_of(kind("nearest_neighbours"), train, test, 4) == Approx((1.0 + 25.0) / 2));
  LearnerOptions two = kind("nearest_neighbours");
  two.k = 2;
  CHECK(loss_of(two, train, test, 4) == Approx((4.0 + 16.0) / 2));
  // pure noise: the more are averaged, the better; a smooth line: the fewer
  LearnerOptions chosen = kind("nearest_neighbours");
  chosen.k = 0;
  const auto noise = [n = std::uint64_t{0}](std::span<const double>) mutable {
    const core::Block b = core::CounterRng(8, core::Stream{5}).block(n++);
    return core::uniform(b[0], b[1]) - 0.5;
  };
  const PointCloud noisy = sampled(600, 1, 2, noise), flat = sampled(200, 1, 3, [](auto) { return 0.0; });
  CHECK(loss_of(chosen, noisy, flat, 600) < 0.3 * loss_of(kind("nearest_neighbours"), noisy, flat, 600));
}

TEST_CASE("trees represent what they can represent", "[learners]") {
  const auto step = [](std::span<const double> x) { return x[1] < 0.5 ? 1.0 : -1.0; };
  const PointCloud train = sampled(2000, 3, 1, step), test = sampled(500, 3, 2, step);
  LearnerOptions cart = kind("tree");
  cart.split = "cart";
  CHECK(loss_of(cart, train, test, 2) < 0.02); // one cut, found; misses only between two neighbouring points
  CHECK(loss_of(kind("tree"), train, test, 2) > loss_of(cart, train, test, 2));
  const auto line = [](std::span<const double> x) { return 2 * x[0] - x[1] + 0.5 * x[2]; };
  const PointCloud straight = sampled(2000, 3, 1, line), others = sampled(500, 3, 2, line);
  for (const char* split : {"kd", "pca", "cart"}) {
    LearnerOptions linear = kind("tree");
    linear.split = split;
    linear.degree = 1;
    CHECK(loss_of(linear, straight, others, 8) < 1e-20);
    linear.degree = 0;
    const double few = loss_of(linear, straight, others, 8), many = loss_of(linear, straight, others, 64);
    CHECK(many < 0.5 * few);
    CHECK(analysis::make_learner(linear)->learn({straight, others, 1, 0}, 64).parameters == 64);
  }
}

TEST_CASE("a kernel without ridge passes through its examples", "[learners]") {
  const PointCloud train = sampled(150, 2, 1, [](auto x) { return std::sin(5 * x[0]) + x[1]; });
  for (const char* name : {"laplace", "matern3", "matern5", "gaussian"}) {
    LearnerOptions k = kind("kernel");
    k.kernel = name;
    k.length = 0.3;
    INFO(name);
    CHECK(loss_of(k, train, train, 150) < 1e-8);
    CHECK(loss_of(k, train, sampled(300, 2, 2, [](auto x) { return std::sin(5 * x[0]) + x[1]; }), 150) < 0.01);
  }
}

TEST_CASE("a kernel does not know the unit of coordinates", "[learners]") {
  const auto f = [](auto x) { return std::sin(5 * x[0]) + x[1]; };
  PointCloud train = sampled(200, 2, 1, f), test = sampled(300, 2, 2, f);
  const double loss = loss_of(kind("kernel"), train, test, 200);
  for (PointCloud* const cloud : {&train, &test}) {
    std::vector<double> points(cloud->points.begin(), cloud->points.end());
    for (double& x : points)
      x *= 1000;
    cloud->points = std::move(points);
  }
  CHECK(loss_of(kind("kernel"), train, test, 200) == Approx(loss).epsilon(1e-6));
  CHECK(loss < 0.01);
}

TEST_CASE("a tree along principal axes in many dimensions is that in one, along a line", "[learners]") {
  const auto f = [](auto x) { return std::sin(9 * x[0]); };
  const PointCloud train = sampled(1000, 1, 1, f), test = sampled(300, 1, 2, f);
  const auto along_a_line = [](const PointCloud& cloud) {
    std::vector<double> points;
    for (const double x : cloud.points)
      for (int a = 0; a < 90; ++a)
        points.push_back(3 + x * (a % 7 - 2));
    return PointCloud{90, std::move(points), cloud.target};
  };
  LearnerOptions pca = kind("tree");
  pca.split = "pca";
  const double loss = loss_of(kind("tree"), train, test, 16);
  CHECK(loss_of(pca, along_a_line(train), along_a_line(test), 16) == Approx(loss).epsilon(1e-9));
}

TEST_CASE("random features and networks learn what is made of hinges", "[learners]][slow") {
  const auto line = [](std::span<const double> x) { return 1 + 2 * x[0] - 3 * x[1]; };
  const PointCloud train = sampled(4096, 2, 1, line), test = sampled(500, 2, 2, line);
  CHECK(loss_of(kind("random_features"), train, test, 64) < 1e-3);
  LearnerOptions network = kind("network");
  network.steps = 60;
  const double projected = loss_of(network, train, test, 8);
  CHECK(projected < 1e-3);
  network.method = "adam";
  network.depth = 2;
  network.steps = 400;
  CHECK(loss_of(network, train, test, 16) < 1e-2);
  CHECK(analysis::make_learner(network)->learn({train, test, 1, 0}, 16).parameters == 16 * 3 + 16 * 17 + 17);
  // training lowers the loss of its own start
  const auto curved = [](std::span<const double> x) { return std::cos(9 * x[0]) * std::sin(7 * x[1]); };
  const PointCloud a = sampled(4096, 2, 1, curved), b = sampled(1000, 2, 2, curved);
  LearnerOptions one = kind("network"), some = one;
  one.steps = 2;
  some.steps = 100;
  CHECK(loss_of(some, a, b, 16) < 0.5 * loss_of(one, a, b, 16));
}

TEST_CASE("steps of Adam lower the loss", "[learners]") {
  const auto f = [](std::span<const double> x) { return std::cos(9 * x[0]) * std::sin(7 * x[1]); };
  const PointCloud c = sampled(512, 2, 1, f);
  const analysis::NetworkInputs scaled(c);
  const Eigen::MatrixXd inputs = scaled.columns(c, 0, 512);
  const Eigen::VectorXd y = analysis::targets_of(c, 0, 512);
  const core::CounterRng rng(1, core::Stream{5});
  analysis::DeepNetwork network(analysis::hinges_on_data(inputs, 128, 1, core::Stream{5}, 0), 1, rng, 0);
  const double first = network.step(inputs, y, 1e-3);
  constexpr int steps = 300;
  double last = 0;
  for (int t = 0; t < steps; ++t)
    last = network.step(inputs, y, 1e-3);
  CHECK(last < 0.5 * first);
}

TEST_CASE("learners without optimisation have 2h/d, and never 4h/d", "[learners][slow]") {
  LearnerOptions four = kind("nearest_neighbours");
  four.k = 4;
  for (const auto& [d, h] : {std::pair{1, 0.5}, {2, 0.3}, {2, 0.5}, {2, 0.8}, {3, 0.5}}) {
    INFO("d = " << d << ", h = " << h);
    alphas_hold({kind("nearest_neighbours"), four}, d, h, 16384);
  }
  LearnerOptions kernel = kind("kernel");
  kernel.largest = 1024;
  alphas_hold({kernel}, 2, 0.5, 1024);
}
