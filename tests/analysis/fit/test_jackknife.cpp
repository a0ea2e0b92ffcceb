// Delete-one-block replicates.

#include "analysis/fit/jackknife.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;

TEST_CASE("Jackknife error of a mean is the textbook one", "[jackknife]") {
  std::vector<double> values, replicates;
  constexpr std::size_t n = 13;
  double sum = 0, square = 0;
  for (std::size_t b = 0; b < n; ++b) {
    values.push_back(test::normal(5, b));
    sum += values[b];
  }
  for (const double v : values) {
    replicates.push_back((sum - v) / (n - 1));
    square += (v - sum / n) * (v - sum / n);
  }
  CHECK(analysis::jackknife_error(replicates) == Approx(std::sqrt(square / (n - 1) / n)).epsilon(1e-12));
}

TEST_CASE("prepare() sorts by x, drops what cannot be logged, and keeps track of where points came from",
          "[jackknife]") {
  analysis::BlockTable t;
  t.x = {0.5, 0.25, 0.125, 0.0625};
  t.count = {1, 1, 1, 1};
  t.sum = {{4, 3, 0, 1}, {6, 5, 0, 0}};
  t.weight = {{1, 1, 1, 1}, {1, 1, 1, 1}};
  const auto data = analysis::prepare(t);
  CHECK(data.x == std::vector<double>{0.0625, 0.25, 0.5});
  CHECK(data.y == std::vector<double>{0.5, 4, 5});
  CHECK(data.source == std::vector<std::size_t>{3, 1, 0});
  REQUIRE(data.replicates.size() == 2);
  CHECK(data.replicates[1] == std::vector<double>{1, 3, 4});
  CHECK(data.replicates[0] == std::vector<double>{0.5, 5, 6}); // 0 without block 0: the mean stands in
}

TEST_CASE("Errors leave out what all scales share: it moves the amplitude only", "[jackknife]") {
  const auto law = [](double x) { return std::pow(x, 0.7); };
  const auto quiet = analysis::prepare(test::synthetic_table(law, 3, 10, {400, 0, 0, 0.01}, 1));
  auto shared = analysis::prepare(test::synthetic_table(law, 3, 10, {400, 0.2, 0, 0.01}, 1));
  auto own = quiet;
  analysis::set_errors(own, 0, 7);
  analysis::set_errors(shared, 0, 7);
  for (std::size_t i = 0; i < 8; ++i) {
    // 1% scatter, 400 blocks, one of eight degrees of freedom spent on the common factor; error of an error 1/sqrt(800)
    CHECK(own.error[i] == Approx(0.01 / 20 * std::sqrt(7.0 / 8)).epsilon(4 / std::sqrt(800.0)));
    CHECK(shared.error[i] == Approx(own.error[i]).epsilon(0.2)); // 20% of common scatter gone, its second order left
  }
}
