// Roughness from a family of curves: known h, known errors.

#include "analysis/fit/family_fit.hpp"
#include "analysis/fit/no_fit.hpp"
#include "tests/analysis/synthetic_tables.hpp"
#include "theory/cascade/cascade_levels.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <optional>
#include <stdexcept>

using namespace cascade;
using analysis::BlockTable;
using analysis::ExponentFit;

namespace {

/// A bent curve that no straight line fits.
double bent(double h, double x) {
  return std::pow(x, 2 * h) * (1 - 0.8 * std::pow(x, 0.5)) - 0.3 * std::pow(0.002, 2 * h);
}

analysis::FamilyCurve family(const BlockTable& table) {
  return [x = table.x](double h, std::optional<std::size_t>) {
    std::vector<double> y;
    for (const double v : x)
      y.push_back(bent(h, v));
    return y;
  };
}

} // namespace

TEST_CASE("A member of the family gives back its h and its amplitude", "[family_fit]") {
  for (const double h : {0.1, 0.3333, 0.7, 1.2}) {
    const auto table = test::synthetic_table([&](double x) { return 3 * bent(h, x); }, 1, 7, {16, 0, 0, 1e-8}, 1);
    const auto fit = analysis::fit_family(table, family(table), "bent", 0, 1);
    CHECK(fit.exponent == Approx(h).margin(2e-6)); // the search ends at 1e-6
    CHECK(fit.amplitude == Approx(3).epsilon(1e-4));
    CHECK(fit.systematic_error < 1e-5);
    CHECK(fit.points == 7);
    CHECK(fit.model == "bent");
    CHECK(std::abs(fit.loglog_slope - 2 * h) > 0.02); // a straight line is wrong
    CHECK_THROWS_AS(analysis::fit_family(table, family(table), "bent", 0.2, 0.6), analysis::NoFit);
    CHECK(analysis::fit_family(table, family(table), "bent", 0.03, 0.3).points == 4);
  }
}

TEST_CASE("Replicates refit with the counts of their own blocks", "[family_fit]") {
  // Each block has an activity of its own that bends curve and data alike: the fit must not see it.
  constexpr std::size_t blocks = 12;
  BlockTable t;
  std::vector<double> slope;
  for (int j = 1; j <= 6; ++j) {
    t.x.push_back(std::exp2(-j));
    t.count.push_back(1);
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    slope.push_back(0.5 * test::normal(9, b));
    auto& sum = t.sum.emplace_back();
    t.weight.emplace_back(6, 1.0);
    for (const double x : t.x)
      sum.push_back(std::pow(x, 0.6) * (1 + slope[b] * x));
  }
  const auto curve = [&](bool counted) {
    return [&, counted](double h, std::optional<std::size_t> without) {
      double mean = 0, n = 0;
      for (std::size_t b = 0; b < blocks; ++b)
        if (!without || b != *without) {
          mean += slope[b];
          n += 1;
        }
      std::vector<double> y;
      for (const double x : t.x)
        y.push_back(std::pow(x, 2 * h) * (1 + (counted ? mean / n : 0) * x));
      return y;
    };
  };
  const auto with = analysis::fit_family(t, curve(true), "with counts", 0, 1);
  const auto without = analysis::fit_family(t, curve(false), "without", 0, 1);
  CHECK(with.exponent == Approx(0.3).margin(2e-6));
  CHECK(with.statistical_error < 1e-5);
  CHECK(without.statistical_error > 100 * with.statistical_error);
}

TEST_CASE("Cascade curves give back h, whatever the activity counted", "[family_fit]") {
  constexpr std::int64_t n = 256;
  const theory::CascadeLevels levels(2, n, 8);
  for (const double h : {0.1, 0.2667, 0.6}) {
    const theory::Activity activity{{1, 4, 13, 40, 118, 370, 1100, 3300}};
    BlockTable t;
    std::vector<std::int64_t> sides;
    for (std::int64_t s = 64; s >= 2; s /= 2) {
      t.x.push_back(static_cast<double>(s) / n);
      sides.push_back(s);
    }
    t.count.assign(t.x.size(), 1);
    for (std::size_t b = 0; b < 4; ++b) {
      t.sum.push_back(levels.loss(h, 2, 0, true, sides, activity));
      for (double& v : t.sum.back())
        v *= 1 + 1e-7 * test::normal(1, b, 5);
      t.weight.emplace_back(t.x.size(), 1.0);
    }
    const auto fit = analysis::fit_family(
        t, [&](double trial, std::optional<std::size_t>) { return levels.loss(trial, 2, 0, true, sides, activity); },
        "sum over levels", 0, 1);
    CHECK(fit.exponent == Approx(h).margin(3e-6));
  }
}

TEST_CASE("With a known covariance the error of h is its scatter and chi^2 has its distribution", "[family_fit]") {
  // log y = log curve + L g, g standard normal: covariance L L^T.
  constexpr std::size_t points = 7, trials = 300;
  std::vector<std::vector<double>> covariance(points, std::vector<double>(points, 0.0)), root = covariance;
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t k = 0; k <= i; ++k)
      root[i][k] = 0.01 * (i == k ? 1 : 0.5); // neighbours alike, later points worse
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j < points; ++j)
      for (std::size_t k = 0; k < points; ++k)
        covariance[i][j] += root[i][k] * root[j][k];
  std::vector<double> z, p;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    auto table = test::synthetic_table([](double x) { return bent(0.4, x); }, 1, points, {2, 0, 0, 0}, 1);
    for (std::size_t i = 0; i < points; ++i) {
      double noise = 0;
      for (std::size_t k = 0; k < points; ++k)
        noise += root[i][k] * test::normal(21, trial * points + k);
      for (auto& block : table.sum)
        block[i] *= std::exp(noise);
    }
    const auto fit = analysis::fit_family(table, family(table), covariance, "bent", 0, 1);
    z.push_back((fit.exponent - 0.4) / fit.statistical_error);
    p.push_back(fit.p_value);
    CHECK(fit.replicates.empty());
  }
  double square = 0;
  for (const double v : z)
    square += v * v / trials;
  CHECK(square == Approx(1).margin(4 * std::sqrt(2.0 / trials)));
  CHECK(test::kolmogorov_smirnov(p) < 1.63);
}

TEST_CASE("A function of h carries its replicates and its slope", "[family_fit]") {
  ExponentFit h;
  h.exponent = 0.3;
  h.systematic_error = 0.01;
  for (std::size_t b = 0; b < 30; ++b)
    h.replicates.push_back(0.3 + 0.001 * test::normal(4, b));
  h.statistical_error = 0.001;
  const std::vector<double> codimension(h.replicates.begin(), h.replicates.end()); // moves with h
  const auto zeta = analysis::mapped(h, [&](double value, std::optional<std::size_t> block) {
    return 2 * value - 2 * (block ? codimension[*block] : 0.3);
  });
  CHECK(zeta.exponent == Approx(0).margin(1e-15));
  CHECK(zeta.statistical_error < 1e-12); // what h and the codimension share cancels
  CHECK(zeta.systematic_error == Approx(0.02).epsilon(1e-6));
  const auto capped =
      analysis::mapped(h, [](double value, std::optional<std::size_t>) { return std::min(8 * value, 2.0); });
  CHECK(capped.exponent == 2);
  CHECK(capped.systematic_error == Approx(0).margin(1e-12));
}
