// Roughness from a family of curves: known h, known errors.

#include "analysis/fit/family_fit.hpp"
#include "analysis/fit/no_fit.hpp"
#include "tests/analysis/synthetic_tables.hpp"
#include "theory/cascade/cascade_levels.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <optional>

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
    p.push_back(*fit.p_value);
    CHECK(fit.replicates.empty());
  }
  double square = 0;
  for (const double v : z)
    square += v * v / trials;
  CHECK(square == Approx(1).margin(4 * std::sqrt(2.0 / trials)));
  CHECK(test::kolmogorov_smirnov(p) < 1.63);
}

namespace {

/// S_2 of a band of one octave, wavenumbers k to 2k, power k^-(2h+1): r^2 below it, flat above.
analysis::FamilyCurve one_octave(const BlockTable& table, double lowest) {
  return [x = table.x, lowest](double h, std::optional<std::size_t>) {
    std::vector<double> y;
    for (const double r : x) {
      double sum = 0;
      for (int i = 0; i <= 40; ++i) {
        const double k = lowest * std::exp2(i / 40.0);
        sum += std::pow(k, -2 * h) * (1 - std::cos(2 * 3.141592653589793 * k * r));
      }
      y.push_back(sum);
    }
    return y;
  };
}

} // namespace

TEST_CASE("One octave of scales is no range, however many separations there are", "[family_fit]") {
  for (const double lowest : {20.0, 1000.0}) {
    BlockTable shape;
    for (int j = 1; j <= 14; ++j)
      shape.x.push_back(std::exp2(-j));
    const auto curve = one_octave(shape, lowest);
    const auto values = curve(0.4, {});
    const auto at = [&](double x) { return values[static_cast<std::size_t>(std::lround(-std::log2(x))) - 1]; };
    const auto table = test::synthetic_table(at, 1, 14, {16, 0.1, 0.01, 0.01}, 4);
    const auto fit = analysis::fit_family(table, curve, "band", 0, 0.26);
    CHECK(fit.status >= analysis::FitStatus::no_range);
    CHECK_FALSE(analysis::decides(fit.status));
    CHECK(fit.octaves < 1);
    if (fit.status == analysis::FitStatus::no_range)
      CHECK(fit.reason.find("octaves only; 2 are needed") != std::string::npos);
  }
  const auto table = test::synthetic_table([](double x) { return bent(0.4, x); }, 1, 7, {16, 0, 0, 1e-3}, 1);
  CHECK(analysis::fit_family(table, family(table), "bent", 0, 1).octaves > 4); // of six
}

TEST_CASE("A roughness that ends at its bound is pinned, with no interval of roundoff", "[family_fit]") {
  // Flatter than any member of the family: falls with x.
  const auto table = test::synthetic_table([](double x) { return std::pow(x, -0.2); }, 1, 7, {16, 0.1, 0.01, 0.01}, 1);
  const auto powers = [&](double h, std::optional<std::size_t>) {
    std::vector<double> y;
    for (const double x : table.x)
      y.push_back(std::pow(x, 2 * h));
    return y;
  };
  const auto fit = analysis::fit_family(table, powers, "A x^2h", 0, 1);
  CHECK(fit.exponent == Approx(analysis::lowest_hurst).margin(1e-6)); // and not beyond it
  CHECK(fit.exponent >= analysis::lowest_hurst);
  CHECK(fit.status >= analysis::FitStatus::pinned);
  CHECK_FALSE(analysis::decides(fit.status));
  CHECK(fit.reason.find("bound") != std::string::npos);
  CHECK(fit.standard_error > 5e-4); // what the data would let it be: .01 over five octaves and sixteen blocks
  CHECK(analysis::mapped(fit, [](double h, std::optional<std::size_t>) { return 4 * h; }).status == fit.status);
}

TEST_CASE("Replicates at a bound are counted and do not shrink the error", "[family_fit]") {
  // h = .012 with an error of .01: a third of the replicates end at .01, where their scatter would be nothing.
  const auto powers = [](const BlockTable& table) {
    return [x = table.x](double h, std::optional<std::size_t>) {
      std::vector<double> y;
      for (const double v : x)
        y.push_back(std::pow(v, 2 * h));
      return y;
    };
  };
  double square = 0, low = 0;
  int free = 0;
  constexpr int trials = 40;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const auto near = [&](double h) {
      const auto table =
          test::synthetic_table([h](double x) { return std::pow(x, 2 * h); }, 1, 7, {16, 0.1, 0.1, 0.1}, 100 + trial);
      return analysis::fit_family(table, powers(table), "A x^2h", 0, 1);
    };
    const auto at_bound = near(0.0105), away = near(0.5);
    if (at_bound.status != analysis::FitStatus::widened)
      continue;
    ++free;
    CHECK(at_bound.reason.find("of 16 replicates") != std::string::npos);
    square += std::pow(at_bound.statistical_error / away.statistical_error, 2);
    low = std::max(low, std::abs(at_bound.statistical_error / away.statistical_error - 1));
  }
  REQUIRE(free > 3);
  CHECK(std::sqrt(square / free) == Approx(1).epsilon(0.05)); // the same noise, so the same error
  CHECK(low < 0.2);
}

TEST_CASE("A family that does not describe the data widens the error", "[family_fit]") {
  for (const bool known : {false, true}) {
    double worst = 0;
    for (std::uint64_t trial = 0; trial < 10; ++trial) {
      const double phase = 0.7 * static_cast<double>(trial);
      const auto wiggly = [&](double x) { return bent(0.4, x) * (1 + 0.02 * std::cos(2 * std::log2(x) + phase)); };
      const auto table = test::synthetic_table(wiggly, 1, 8, {24, 0.1, 1e-4, 1e-4}, trial);
      std::vector<std::vector<double>> covariance(8, std::vector<double>(8, 0.0));
      for (std::size_t i = 0; i < 8; ++i)
        covariance[i][i] = 4e-10;
      const auto fit = known ? analysis::fit_family(table, family(table), covariance, "bent", 0, 1)
                             : analysis::fit_family(table, family(table), "bent", 0, 1);
      CAPTURE(known, fit.exponent, fit.standard_error, *fit.chi2_per_dof);
      CHECK(fit.status == analysis::FitStatus::widened);
      CHECK(*fit.p_value < 0.01);
      CHECK(fit.widening > 5);
      CHECK(fit.standard_error < 0.03);
      worst = std::max(worst, std::abs(fit.exponent - 0.4) / fit.standard_error);
    }
    CHECK(worst < 2.5);
  }
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
