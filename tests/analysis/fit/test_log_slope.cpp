// Slopes of logarithms, with and without a term for the end of the grid.

#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade::analysis;

TEST_CASE("A curve that bends at the grid has the slope of its straight part", "[log_slope]") {
  std::vector<double> x, y;
  for (int j = 10; j >= 1; --j) {
    x.push_back(std::exp2(-j));
    y.push_back(0.3 - 0.75 * j + 0.2 * std::pow(x.back() / x.front(), -0.6));
  }
  const auto rows = [&](std::optional<std::size_t>) { return y; };
  const ExponentFit bent = log_slope(x, 1, rows, 0, 1, 0.6), straight = log_slope(x, 1, rows, 0, 1);
  CHECK(bent.exponent == Approx(0.75).epsilon(1e-12));
  CHECK(bent.statistical_error < 1e-12);
  CHECK(bent.amplitude == Approx(std::exp2(0.3)).epsilon(1e-12));
  CHECK(std::abs(straight.exponent - 0.75) > 0.01);
  CHECK(straight.statistical_error > 1e-3);
  CHECK(log_slope(x, 1, rows, std::exp2(-4), 1, 0.6).exponent == Approx(0.75).epsilon(1e-10)); // any window
  CHECK_THROWS_AS(log_slope(x, 1, rows, std::exp2(-3), 1, 0.6), NoFit);
}

TEST_CASE("Scales that hold nothing are not scales that are missing", "[log_slope]") {
  BlockTable table;
  for (int j = 6; j >= 1; --j)
    table.x.push_back(std::exp2(-j));
  table.sum.assign(1, std::vector<double>(6, 0.0));
  table.weight.assign(1, std::vector<double>(6, 1.0));
  const auto said = [&](double lowest) -> std::string {
    try {
      log_slope(table.x, 1, log_rows(table), lowest, 1);
    } catch (const NoFit& e) {
      return e.what();
    }
    return "";
  };
  CHECK(said(0).find("of the 6 scales between 0 and 1 none hold anything but zeros") != std::string::npos);
  table.sum[0][2] = 1;
  CHECK(said(0).find("of the 6 scales between 0 and 1 1 hold anything") != std::string::npos);
  CHECK(said(0.2).find("make the field larger") != std::string::npos);
}

TEST_CASE("Rows of logarithms and ratios are no number where there is none", "[log_slope]") {
  BlockTable over, under;
  over.x = under.x = {1, 2};
  over.sum = {{4, 3}, {8, 0}};
  under.sum = {{2, 0}, {2, 0}};
  over.weight = under.weight = {{1, 1}, {1, 1}};
  CHECK(log_rows(over)({})[0] == Approx(std::log2(6)));
  CHECK(log_rows(over)(std::size_t{0})[0] == Approx(3));
  CHECK(std::isnan(log_rows(under)({})[1]));
  CHECK(ratio_rows(over, under)({})[0] == Approx(3));
  CHECK(ratio_rows(over, under)(std::size_t{1})[0] == Approx(2));
  CHECK(std::isnan(ratio_rows(over, under)({})[1]));
}
