// Delete-one-block replicates and Hotelling's T^2.

#include "analysis/fit/jackknife.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace cascade;

namespace {

using Vectors = std::vector<std::vector<double>>;

/// Mean of all vectors but one (all, if `omitted` is their number).
std::vector<double> mean_without(const Vectors& v, std::size_t omitted) {
  std::vector<double> mean(v[0].size(), 0.0);
  for (std::size_t b = 0; b < v.size(); ++b)
    for (std::size_t i = 0; b != omitted && i < mean.size(); ++i)
      mean[i] += v[b][i] / static_cast<double>(v.size() - (omitted < v.size() ? 1 : 0));
  return mean;
}

/// What is left of a vector after a least-squares straight line is taken away.
std::vector<double> without_line(const std::vector<double>& v) {
  const auto n = static_cast<double>(v.size());
  double mean = 0, slope = 0, square = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double u = static_cast<double>(i) - 0.5 * (n - 1);
    mean += v[i] / n;
    slope += v[i] * u;
    square += u * u;
  }
  std::vector<double> left;
  for (std::size_t i = 0; i < v.size(); ++i)
    left.push_back(v[i] - mean - slope / square * (static_cast<double>(i) - 0.5 * (n - 1)));
  return left;
}

} // namespace

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

TEST_CASE("p-values of Hotelling's T^2 are uniform, with fitted parameters and correlated points", "[jackknife]") {
  constexpr std::size_t blocks = 24, points = 7, trials = 400;
  for (const int parameters : {0, 2}) {
    std::vector<double> p;
    for (std::size_t trial = 0; trial < trials; ++trial) {
      Vectors v;
      for (std::size_t b = 0; b < blocks; ++b) {
        auto& row = v.emplace_back();
        double drift = 3 * test::normal(17, (trial * blocks + b) * points, 7);
        for (std::size_t i = 0; i < points; ++i)
          row.push_back((1 + static_cast<double>(i)) *
                        (drift += test::normal(17, (trial * blocks + b) * points + i, 8)));
      }
      const auto residual = [&](std::size_t omitted) {
        const auto mean = mean_without(v, omitted);
        return parameters == 0 ? mean : without_line(mean);
      };
      Vectors replicates;
      for (std::size_t b = 0; b < blocks; ++b)
        replicates.push_back(residual(b));
      const auto quality = analysis::hotelling(residual(blocks), replicates, parameters);
      CHECK(quality.dof == static_cast<int>(points) - parameters);
      p.push_back(quality.p_value);
    }
    CAPTURE(parameters);
    CHECK(test::kolmogorov_smirnov(p) < 1.63); // level 0.01, 400 trials
  }
}

TEST_CASE("A wrong model has a small p-value; too few blocks say nothing", "[jackknife]") {
  constexpr std::size_t blocks = 24, points = 5;
  Vectors replicates;
  std::vector<double> mean(points, 0.6); // several standard errors off
  for (std::size_t b = 0; b < blocks; ++b) {
    auto& row = replicates.emplace_back();
    for (std::size_t i = 0; i < points; ++i)
      row.push_back(0.6 + test::normal(3, b * points + i) / blocks); // error 1/sqrt(24) = .2
  }
  CHECK(analysis::hotelling(mean, replicates, 0).p_value < 0.05);
  replicates.resize(6);
  CHECK(analysis::hotelling(mean, replicates, 0).p_value == 1);
  CHECK(analysis::hotelling(mean, replicates, 5).dof == 0);
}
