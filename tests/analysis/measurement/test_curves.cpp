// Curves of tables: their order, where each point comes from, and local slopes.

#include "analysis/measurement/curves.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace cascade;
using analysis::Curve;
using analysis::Scale;

namespace {

/// Two blocks, abscissas in no order: means 3, 1, 2.
analysis::BlockTable unordered() {
  return {{4, 1, 2}, {{2, 1, 2}, {4, 1, 2}}, {{1, 1, 1}, {1, 1, 1}}, {20, 10, 15}};
}

} // namespace

TEST_CASE("Local slopes of a power are its exponent; what has no logarithm has no slope", "[curves]") {
  const auto slope =
      analysis::local_slopes({0, 1, 2, 4, 8, 16}, {5, 1, 4, 16, 0, 256}); // the wavenumber zero has x = 0
  CHECK(std::isnan(slope[0]));
  CHECK(std::isnan(slope[1]));
  CHECK(slope[2] == Approx(2));
  CHECK(std::isnan(slope[3]));
  CHECK(slope[4] == Approx(2));
  CHECK(std::isnan(slope[5]));
  for (const double s : analysis::local_slopes({0, 1, 2, 3}, {1, 8, 64, 512}, Scale::log2)) // 2^(3 x)
    CHECK(s == Approx(3));
  CHECK(std::isnan(analysis::local_slopes({1}, {1})[0]));
  const auto level = analysis::local_slopes({2, 4, 4, 4, 8}, {8, 4, 4, 4, 2}); // a plateau has no slope, its ends do
  CHECK(std::isnan(level[2]));
  CHECK(level[1] == Approx(-1));
  CHECK(level[3] == Approx(-1));
}

TEST_CASE("A curve runs in increasing x and knows the row behind each point", "[curves]") {
  const auto table = unordered();
  const Curve curve = analysis::make_curve("some/table", table, {"x", "1"}, {"y", "1"});
  CHECK(curve.x == std::vector<double>{1, 2, 4});
  CHECK(curve.y == std::vector<double>{1, 2, 3});
  CHECK(curve.count == std::vector<double>{10, 15, 20});
  CHECK(curve.origin.table == "some/table");
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    CHECK(table.x[curve.origin.points[i]] == curve.x[i]);
}

TEST_CASE("A curve cut, turned or drawn against something else still knows its rows", "[curves]") {
  const auto table = unordered();
  const Curve curve = analysis::make_curve("t", table, {"x", "1"}, {"y", "1"});
  const Curve cut = analysis::without_first(curve, 1);
  CHECK(cut.x == std::vector<double>{2, 4});
  CHECK(cut.origin.points == std::vector<std::size_t>{2, 0});
  CHECK(cut.local_slope.size() == 2);
  const Curve other = analysis::turned(analysis::against(curve, {"n", "pieces"}, {100, 25, 6.25}));
  CHECK(other.x == std::vector<double>{6.25, 25, 100});
  CHECK(other.y == std::vector<double>{3, 2, 1});
  CHECK(other.origin.points == std::vector<std::size_t>{0, 2, 1});
  CHECK(other.local_slope[2] == Approx(std::log(0.5) / std::log(4)));
  auto errors = curve.standard_error;
  std::reverse(errors.begin(), errors.end());
  CHECK(test::same_bits(other.standard_error, errors));
}

TEST_CASE("A fitted curve lies on the points it was fitted to, whatever they are drawn against", "[curves]") {
  const auto table = unordered();
  const Curve curve = analysis::make_curve("t", table, {"x", "1"}, {"y", "1"});
  analysis::FittedCurve fit{{4, 2}, {3.5, 1.5}, {-0.5, 0.25}};
  const auto check = [](const Curve& c, std::size_t first, std::size_t second) {
    REQUIRE(c.fitted.size() == 3);
    CHECK(c.fitted[first] == 3.5);
    CHECK(c.residual[first] == -0.5);
    CHECK(c.fitted[second] == 1.5);
    CHECK(std::count_if(c.fitted.begin(), c.fitted.end(), [](double v) { return std::isnan(v); }) == 1);
  };
  Curve plain = curve, turned = analysis::turned(analysis::against(curve, {"n", "pieces"}, {100, 25, 6.25}));
  analysis::lay_fit(fit, plain);
  check(plain, 2, 1);
  analysis::lay_fit(fit, turned); // by the abscissas of the table: x = 4 is n = 6.25, the first
  check(turned, 0, 1);
  fit.x = {6.25, 25}; // of an adaptive partition: by numbers of pieces
  Curve pieces = analysis::turned(analysis::against(curve, {"n", "pieces"}, {100, 25, 6.25}));
  analysis::lay_fit(fit, pieces);
  check(pieces, 0, 1);
  fit.x = {6.25, 3}; // one of them is no point of this curve: the fit is another curve's
  Curve other = curve;
  analysis::lay_fit(fit, other);
  CHECK(other.fitted.empty());
}

TEST_CASE("Errors of slopes leave out what all scales share", "[curves]") {
  // Three blocks of amplitudes 1, 2, 4: points scatter by much, slopes not at all; then one block with another slope.
  analysis::BlockTable table{{1, 2, 4}, {}, {}, {1, 1, 1}};
  for (const double a : {1.0, 2.0, 4.0}) {
    table.sum.push_back({a, 2 * a, 4 * a});
    table.weight.push_back({1, 1, 1});
  }
  const Curve alike = analysis::make_curve("t", table, {"x", "1"}, {"y", "1"});
  REQUIRE(alike.local_slope_error.size() == 3);
  for (const double error : alike.local_slope_error)
    CHECK(error == Approx(0).margin(1e-12));
  table.sum[2] = {4, 16, 64};
  const Curve apart = analysis::make_curve("t", table, {"x", "1"}, {"y", "1"});
  CHECK(apart.local_slope_error[1] > 0.1);
  // Against n = x^-2 slopes are half as large, and so are their errors.
  const Curve against = analysis::against(apart, {"n", "pieces"}, {1, 0.25, 0.0625});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(against.local_slope[i] == Approx(-0.5 * apart.local_slope[i]));
    CHECK(against.local_slope_error[i] == Approx(0.5 * apart.local_slope_error[i]));
  }
  CHECK(std::isnan(analysis::without_first(apart, 1).local_slope_error[0])); // its neighbour is gone
}
