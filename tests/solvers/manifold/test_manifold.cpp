// Points on sets of known dimension, and targets of known roughness.

#include "core/points/point_cloud.hpp"
#include "solvers/manifold/cloud.hpp"
#include "solvers/manifold/target.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace cascade;
using core::Communicator;
using core::PointCloud;
using solvers::ManifoldParameters;

namespace {

PointCloud cloud_on(const ManifoldParameters& p, std::int64_t n, std::uint64_t repeat = 0, bool test = false) {
  return solvers::make_cloud(p, 5, {n, repeat, repeat, test}, Communicator::self());
}

ManifoldParameters on(const std::string& name) {
  ManifoldParameters p;
  p.manifold = name;
  return p;
}

double distance(const PointCloud& c, std::int64_t i, std::int64_t j) {
  double sum = 0;
  for (std::size_t a = 0; a < static_cast<std::size_t>(c.dimension); ++a)
    sum += std::pow(c.row(i)[a] - c.row(j)[a], 2);
  return std::sqrt(sum);
}

/// Mean of (f(u + r) - f(u))^2 over many targets and places on the line.
double squared_difference(const ManifoldParameters& p, double r) {
  double sum = 0;
  constexpr int targets = 60, places = 64;
  for (std::uint64_t t = 0; t < targets; ++t) {
    const auto f = solvers::make_target(p, 1, 3, t);
    std::vector<double> u, values(2 * places);
    for (int i = 0; i < places; ++i) {
      u.push_back(0.9 * (i + 0.5) / places);
      u.push_back(u.back() + r);
    }
    f->evaluate(u, values);
    for (std::size_t i = 0; i < values.size(); i += 2)
      sum += std::pow(values[i + 1] - values[i], 2);
  }
  return sum / (targets * places);
}

} // namespace

TEST_CASE("points lie on their sets", "[manifold]") {
  const PointCloud sphere = cloud_on(on("M1"), 50);
  REQUIRE(sphere.dimension == 11);
  const PointCloud torus = cloud_on(on("torus"), 50);
  const PointCloud roll = cloud_on(on("M7"), 50);
  const PointCloud faces = cloud_on(on("M10a"), 400);
  std::set<std::pair<int, double>> seen;
  for (std::int64_t i = 0; i < 50; ++i) {
    double norm = 0;
    for (const double v : sphere.row(i))
      norm += v * v;
    CHECK(norm == Approx(1));
    CHECK(std::hypot(torus.row(i)[0], torus.row(i)[1]) == Approx(1 / (2 * M_PI)));
    const double t = std::hypot(roll.row(i)[0], roll.row(i)[2]); // t cos t, t sin t
    CHECK(roll.row(i)[0] == Approx(t * std::cos(t)).margin(1e-9));
  }
  for (std::int64_t i = 0; i < 400; ++i) {
    int on_faces = 0;
    for (int a = 0; a < 11; ++a) {
      const double v = faces.row(i)[static_cast<std::size_t>(a)];
      if (v == 0 || v == 1) {
        ++on_faces;
        seen.insert({a, v});
      }
    }
    CHECK(on_faces == 1);
  }
  CHECK(seen.size() == 22); // every face of the cube in R^11
}

TEST_CASE("every set has the dimensions it says, and finite points", "[manifold]") {
  for (const solvers::Manifold& m : solvers::manifolds()) {
    INFO(m.name);
    ManifoldParameters p = on(m.name);
    const PointCloud c = cloud_on(p, 20);
    CHECK(c.dimension == p.resolved_embedding());
    CHECK(c.size() == 20);
    for (const double v : c.points)
      CHECK(std::isfinite(v));
    PointCloud copy = c;
    CHECK(core::drop_duplicates(copy) == 0);
  }
}

TEST_CASE("a cloud turned into a larger space keeps its distances", "[manifold]") {
  ManifoldParameters p = on("M7"), turned = p;
  turned.embedding_dimension = 700;
  const PointCloud a = cloud_on(p, 20), b = cloud_on(turned, 20);
  REQUIRE(b.dimension == 700);
  for (std::int64_t i = 0; i < 20; ++i)
    for (std::int64_t j = 0; j < i; ++j)
      CHECK(distance(b, i, j) == Approx(distance(a, i, j)).epsilon(1e-12));
}

TEST_CASE("noise off the set has its size, and test points keep away from the border", "[manifold]") {
  ManifoldParameters p = on("cube"), noisy = p;
  noisy.noise = 0.3;
  const PointCloud a = cloud_on(p, 4000), b = cloud_on(noisy, 4000);
  double square = 0;
  for (std::size_t i = 0; i < a.points.size(); ++i)
    square += std::pow(b.points[i] - a.points[i], 2);
  CHECK(std::sqrt(square / static_cast<double>(a.points.size())) == Approx(0.3).epsilon(0.03)); // 4 sigma of 8000 draws
  for (const double v : cloud_on(p, 500, 0, true).points) {
    CHECK(v > 0.05);
    CHECK(v < 0.95);
  }
}

TEST_CASE("clouds are nested, repeats are not, and ranks do not matter", "[manifold][mpi]") {
  const Communicator world = Communicator::world(), self = Communicator::self();
  ManifoldParameters p = on("sheet");
  p.embedding_dimension = 12;
  p.target.kind = "modes";
  const PointCloud all = solvers::make_cloud(p, 1, {301, 0, 0, false}, world),
                   alone = solvers::make_cloud(p, 1, {301, 0, 0, false}, self),
                   few = solvers::make_cloud(p, 1, {100, 0, 0, false}, self),
                   other = solvers::make_cloud(p, 1, {301, 1, 0, false}, self);
  CHECK(test::same_bits(all.points, alone.points));
  CHECK(test::same_bits(all.target, alone.target));
  CHECK(test::same_bits(all.first(100).points, few.points));
  CHECK(test::same_bits(all.first(100).target, few.target));
  CHECK_FALSE(test::same_bits(all.points, other.points));
}

TEST_CASE("targets have variance one and the roughness they are asked for", "[manifold]") {
  for (const double h : {0.3, 0.8}) {
    ManifoldParameters p = on("cube");
    p.dimension = 1;
    p.target.kind = "modes";
    p.target.hurst = h;
    const double near = squared_difference(p, 0x1p-9), nearer = squared_difference(p, 0x1p-12);
    // three octaves: chance, about 1.5% a value from 60 targets of 24 waves an octave, and the smooth part r^2 of h =
    // .8
    CHECK(std::log2(near / nearer) / 3 == Approx(2 * h).margin(0.05));
    double square = 0;
    for (std::uint64_t t = 0; t < 200; ++t) {
      const auto f = solvers::make_target(p, 1, 3, t);
      const std::vector<double> u{0.2, 0.5, 0.8};
      std::vector<double> values(3);
      f->evaluate(u, values);
      for (const double v : values)
        square += v * v / 600;
    }
    CHECK(square == Approx(1).epsilon(0.3)); // four standard errors of 200 targets
  }
  ManifoldParameters smooth = on("cube");
  smooth.dimension = 1;
  smooth.target.kind = "band";
  CHECK(std::log2(squared_difference(smooth, 0x1p-9) / squared_difference(smooth, 0x1p-12)) / 3 ==
        Approx(2).margin(0.01));
}

TEST_CASE("an eddy cascade as target: h and the dimension of its set", "[manifold]") {
  ManifoldParameters p = on("cube");
  p.target.kind = "cascade";
  p.target.hurst = 0.4;
  p.target.active_dimension = 1.8;
  CHECK(*p.mean_square_hurst() == Approx(0.5));
  const PointCloud c = cloud_on(p, 4000);
  double square = 0;
  for (const double v : c.target)
    square += v * v / 4000;
  CHECK(square > 0.2);
  CHECK(square < 5);
}

TEST_CASE("targets whose waves end too early, and what else does not go together, is refused", "[manifold]") {
  const auto problems = [](const ManifoldParameters& p) {
    core::Problems found;
    p.validate(found);
    return found;
  };
  ManifoldParameters p = on("cube");
  p.target.kind = "modes";
  p.target.octaves = 9; // 15/2 + 5/.5 = 17.5
  REQUIRE(problems(p).all().size() == 1);
  CHECK(problems(p).all()[0].key == "target.octaves");
  CHECK(problems(p).all()[0].message.find("need 18") != std::string::npos);
  p.target.octaves = 18;
  CHECK(problems(p).empty());
  p.embedding_dimension = 1;
  CHECK(problems(p).all()[0].key == "embedding_dimension");
  ManifoldParameters sphere = on("sphere");
  sphere.target.kind = "cascade";
  CHECK(problems(sphere).all()[0].key == "target.kind");
  ManifoldParameters fixed = on("M7");
  fixed.dimension = 3;
  CHECK(problems(fixed).all()[0].key == "dimension");
}
