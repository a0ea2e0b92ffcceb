// One p-value for a curve: right when the law holds, small when it does not.
#include "analysis/fit/activity_test.hpp"
#include "analysis/fit/hotelling.hpp"

#include <catch2/catch.hpp>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace cascade;

namespace {

/// n blocks of p correlated components: a common factor and one of their own, plus a shift.
std::vector<std::vector<double>> blocks(std::mt19937_64& random, int n, int p, double shift) {
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> result;
  for (int b = 0; b < n; ++b) {
    const double common = 3 * normal(random);
    auto& row = result.emplace_back();
    for (int i = 0; i < p; ++i)
      row.push_back(common + normal(random) * (i + 1) + (i == 0 ? shift : 0));
  }
  return result;
}

} // namespace

TEST_CASE("Hotelling: one component is Student's t test") {
  std::mt19937_64 random(5);
  const auto d = blocks(random, 20, 1, 0.4);
  double mean = 0, square = 0;
  for (const auto& row : d)
    mean += row[0] / 20;
  for (const auto& row : d)
    square += std::pow(row[0] - mean, 2) / 19;
  const double t = mean / std::sqrt(square / 20);
  const auto test = analysis::hotelling_of_mean(d);
  CHECK(test.t2 == Approx(t * t));
  CHECK(test.p_value == Approx(2 * gsl_cdf_tdist_Q(std::abs(t), 19)));
}

TEST_CASE("Hotelling: p-values are uniform when the mean is zero, and small when a scale is off") {
  std::mt19937_64 random(7);
  constexpr int trials = 400;
  std::vector<double> p;
  for (int i = 0; i < trials; ++i)
    p.push_back(analysis::hotelling_of_mean(blocks(random, 24, 5, 0)).p_value);
  std::sort(p.begin(), p.end());
  double distance = 0;
  for (int i = 0; i < trials; ++i)
    distance = std::max(distance, std::abs(p[static_cast<std::size_t>(i)] - (i + 0.5) / trials));
  CHECK(distance < 1.63 / std::sqrt(trials)); // Kolmogorov and Smirnov, 1%
  // The common factor is three times the shift: scales one by one would not show it in their sum.
  CHECK(analysis::hotelling_of_mean(blocks(random, 200, 5, 1)).p_value < 1e-6);
}

TEST_CASE("Hotelling: units and combinations of the scales do not matter; exact components are left out") {
  std::mt19937_64 random(9);
  auto d = blocks(random, 30, 3, 0.5);
  const double p = analysis::hotelling_of_mean(d).p_value;
  for (auto& row : d)
    row = {row[0] + 2 * row[1], 1e-5 * row[1], row[2] - row[0]};
  CHECK(analysis::hotelling_of_mean(d).p_value == Approx(p).epsilon(1e-6));
  for (auto& row : d)
    row.push_back(1e-13);
  const auto with_exact = analysis::hotelling_of_mean(d);
  CHECK(with_exact.dimensions == 3);
  CHECK(with_exact.p_value == Approx(p).epsilon(1e-6));
  for (auto& row : d)
    row.push_back(row[0] + row[1]);
  CHECK(analysis::hotelling_of_mean(d).dimensions == 3);
  for (auto& row : d)
    row.push_back(0.01); // the same error in every block: nothing random about it
  CHECK(analysis::hotelling_of_mean(d).p_value == 0);
}

TEST_CASE("Hotelling: with fewer blocks than scales the covariance is shrunk, and p stays uniform", "[slow]") {
  std::mt19937_64 random(3);
  constexpr int trials = 300;
  for (const int n : {2, 4, 6}) {
    std::vector<double> p;
    double wrong = 0;
    for (int i = 0; i < trials; ++i) {
      const auto test = analysis::hotelling_of_mean(blocks(random, n, 6, 0));
      CHECK(test.shrinkage > 0);
      CHECK(test.dimensions == 6);
      p.push_back(test.p_value);
      if (i % 3 != 0)
        continue;
      auto off = blocks(random, n, 6, 0); // every scale is off, by twice the common factor's scatter
      for (auto& row : off)
        for (double& v : row)
          v += 6;
      wrong += analysis::hotelling_of_mean(off).p_value < 0.05 ? 3.0 / trials : 0;
    }
    std::sort(p.begin(), p.end());
    double distance = 0;
    for (int i = 0; i < trials; ++i)
      distance = std::max(distance, std::abs(p[static_cast<std::size_t>(i)] - (i + 0.5) / trials));
    CAPTURE(n, wrong);
    // Kolmogorov and Smirnov, 1%; and the standard error of a p near 1/2, got from a hundred directions that are the
    // same for every test. A small p has a thousand and more.
    CHECK(distance < 1.63 / std::sqrt(trials) + 0.05);
    const auto small = std::count_if(p.begin(), p.end(), [](double v) { return v < 0.05; });
    CHECK(std::abs(static_cast<double>(small) / trials - 0.05) < 3 * std::sqrt(0.05 * 0.95 / trials));
    CHECK(wrong > (n == 2 ? 0.1 : 0.5));
  }
}

TEST_CASE("Hotelling: one block tests nothing") {
  std::mt19937_64 random(3);
  CHECK(analysis::hotelling_of_mean(blocks(random, 1, 4, 0)).dimensions == 0);
  CHECK(analysis::hotelling_of_mean({}).dimensions == 0);
}

TEST_CASE("evenly spread scales keep both ends") {
  CHECK(analysis::evenly_spread(5, 8) == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(analysis::evenly_spread(15, 8) == std::vector<std::size_t>{0, 2, 4, 6, 8, 10, 12, 14});
  CHECK(analysis::evenly_spread(9, 3) == std::vector<std::size_t>{0, 4, 8});
  CHECK(analysis::evenly_spread(0, 8).empty());
}

TEST_CASE("activity, level by level: independent standard normals, and none where a child always lives") {
  std::mt19937_64 random(11);
  const theory::Branching branching{8, 0.7};
  double sum = 0, square = 0, worst = 1;
  int count = 0;
  for (int tree = 0; tree < 40; ++tree) {
    std::vector<double> cells{64};
    for (int l = 0; l < 5; ++l)
      cells.push_back(
          static_cast<double>(std::binomial_distribution<long>(8 * static_cast<long>(cells.back()), 0.7)(random)));
    const auto test = analysis::test_activity(cells, branching);
    CHECK(test.z.size() == 5);
    worst = std::min(worst, test.p_value);
    for (const double z : test.z) {
      sum += z;
      square += z * z;
      ++count;
    }
    if (tree == 0) { // one per cent more life shows at once
      const auto wrong = analysis::test_activity(cells, {8, 0.7 * 1.01});
      CHECK(wrong.p_value < 1e-6);
      CHECK(std::abs(wrong.z.back()) > 5);
    }
  }
  CHECK(std::abs(sum) < 3.5 * std::sqrt(count));
  CHECK(std::abs(square / count - 1) < 3.5 * std::sqrt(2.0 / count));
  CHECK(worst > 1e-4); // the smallest of 40
  CHECK(analysis::test_activity({1, 8, 64}, {8, 1}).z.empty());
  CHECK(analysis::test_activity({1, 5, 30}, {8, 0.7}).level == std::vector<int>{1}); // the root alone is no statistics
}
