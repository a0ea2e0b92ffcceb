// Point evaluation against the formula, and its two forms against each other.

#include "solvers/cascade/points.hpp"
#include "tests/solvers/naive_cascade.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace cascade;
using core::Coordinate;
using solvers::CascadePoints;
using solvers::CascadeRules;

namespace {

constexpr double roundoff = std::numeric_limits<double>::epsilon();

CascadePoints make_points(int D, int levels, double d, double h, std::uint64_t realisation) {
  return CascadePoints(CascadeRules(D, levels, d, h, 1, realisation));
}

/// Largest difference of evaluate_lattice and evaluate_cell, with five more points of the cell, from evaluate at the
/// same points.
double lattice_difference(const core::PointField& field, const std::vector<Coordinate>& corner, int level, int m,
                          const std::vector<Coordinate>& offset) {
  const std::size_t d = corner.size();
  const auto side = static_cast<std::size_t>(m);
  std::size_t count = 1;
  for (std::size_t a = 0; a < d; ++a)
    count *= side;
  std::vector<double> lattice(count), points_values(count);
  field.evaluate_lattice(corner, level, m, offset, lattice);
  std::vector<Coordinate> axis(d * side), points(count * d);
  core::lattice_coordinates(corner, level, m, offset, axis);
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t rest = n;
    for (std::size_t a = d; a-- > 0; rest /= side)
      points[n * d + a] = axis[a * side + rest % side];
  }
  field.evaluate(points, points_values);
  double worst = 0;
  for (std::size_t n = 0; n < count; ++n)
    worst = std::max(worst, std::abs(lattice[n] - points_values[n]));

  constexpr std::size_t others = 5;
  auto inside = test::random_points(static_cast<int>(d), others, 11);
  for (std::size_t k = 0; k < inside.size(); ++k)
    inside[k] = corner[k % d] + (inside[k] >> level);
  std::vector<double> expected(others), at(others), again(count);
  field.evaluate(inside, expected);
  field.evaluate_cell(corner, level, m, offset, again, inside, at);
  for (std::size_t n = 0; n < count; ++n)
    worst = std::max(worst, std::abs(again[n] - points_values[n]));
  for (std::size_t k = 0; k < others; ++k)
    worst = std::max(worst, std::abs(at[k] - expected[k]));
  return worst;
}

} // namespace

TEST_CASE("A value is the sum of the eddies above the point", "[cascade_points]") {
  for (const int D : {1, 2, 3, 4, 6})
    for (const int levels : {1, 2, 9, 48})
      for (const double gap : {0.0, 0.2, 0.7}) {
        const CascadePoints field = make_points(D, levels, D - gap, 0.3, 5);
        const test::NaiveCascade naive(D, levels, D - gap, 0.3, 1, 5);
        constexpr std::size_t count = 300; // batches of 128 and a rest
        const auto points = test::random_points(D, count, 3);
        std::vector<double> values(count);
        field.evaluate(points, values);
        double worst = 0;
        for (std::size_t i = 0; i < count; ++i)
          worst = std::max(worst, std::abs(values[i] - naive(&points[i * static_cast<std::size_t>(D)])));
        CAPTURE(D, levels, gap);
        CHECK(worst < 32 * roundoff * naive.bound()); // a dozen products a level, each rounded
      }
}

TEST_CASE("The value at a point does not depend on the batch it is in, to the bit", "[cascade_points]") {
  const CascadePoints field = make_points(3, 24, 2.8, 0.2667, 1);
  constexpr std::size_t count = 301;
  const auto points = test::random_points(3, count, 9);
  std::vector<double> together(count), alone(count);
  field.evaluate(points, together);
  for (std::size_t i = 0; i < count; ++i)
    field.evaluate({&points[3 * i], 3}, {&alone[i], 1});
  CHECK(together == alone);
}

TEST_CASE("More levels add the new levels and leave the others as they are", "[cascade_points]") {
  for (const int D : {1, 2, 3}) {
    const double d = D - 0.2, h = 0.4;
    constexpr std::size_t count = 400;
    const auto points = test::random_points(D, count, 4);
    std::vector<double> fewer(count), more(count);
    make_points(D, 8, d, h, 2).evaluate(points, fewer);
    make_points(D, 9, d, h, 2).evaluate(points, more);
    std::vector<int> depth(count);
    solvers::CascadeTree(CascadeRules(D, 9, d, h, 1, 2)).depth_at(points, 9, depth);
    double largest = 0, untouched = 0;
    for (std::size_t i = 0; i < count; ++i) {
      (depth[i] > 8 ? largest : untouched) = std::max(depth[i] > 8 ? largest : untouched, std::abs(more[i] - fewer[i]));
    }
    CHECK(untouched == 0);
    CHECK(largest > 0);
    CHECK(largest <= std::exp2(-8 * h) * std::pow(1.57, D - 1) * 1.5); // one eddy of level 8
  }
}

TEST_CASE("Lattices are points: aligned cells, deep cells, cells across borders and across the box",
          "[cascade_points]") {
  for (const int D : {1, 2, 3, 4}) {
    const auto d = static_cast<std::size_t>(D);
    const double gap = 0.15;
    const CascadePoints field = make_points(D, 30, D - gap, 0.3, 8);
    const double tolerance = 32 * roundoff * test::NaiveCascade(D, 30, D - gap, 0.3, 1, 8).bound();
    for (const int m : {1, 2, 3, 5})
      for (const int level : {0, 1, 2, 3, 6, 11, 20, 29, 35})
        for (std::uint64_t sample = 0; sample < 6; ++sample) {
          auto corner = test::random_points(D, 1, 100 + sample);
          const auto offset = test::random_points(D, 1, 200 + sample);
          CAPTURE(D, m, level, sample);
          CHECK(lattice_difference(field, corner, level, m, offset) <= tolerance); // straddling
          for (Coordinate& c : corner)
            c = level == 0 ? 0 : c >> (64 - level) << (64 - level);
          CHECK(lattice_difference(field, corner, level, m, offset) <= tolerance); // aligned
          for (Coordinate& c : corner)
            c = ~Coordinate{0} << (63 - std::min(level, 62)); // its middle at the end of the box
          CHECK(lattice_difference(field, corner, level, m, std::vector<Coordinate>(d, 0)) <= tolerance);
        }
  }
}
