#include "app/campaign/coefficient.hpp"
#include "support/fp_traps.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <random>

using namespace cascade;

TEST_CASE("two cases: the closed form", "[campaign]") {
  // w = 1/(.03^2 + .04^2) = 400 and 1/.1^2 = 100; x = 1, 2; alpha = 2.1, 3.8
  const auto c = app::fit_coefficient({{1, 2.1, 0.03, 0.04}, {2, 3.8, 0.1, 0}});
  const double xx = 400 * 1 + 100 * 4, xy = 400 * 2.1 + 100 * 2 * 3.8;
  CHECK(c.value == Approx(xy / xx).epsilon(1e-12)); // 2
  CHECK(c.statistical == Approx(std::sqrt(400 * 400 * 0.03 * 0.03 + 100 * 100 * 4 * 0.01) / xx).epsilon(1e-12));
  CHECK(c.systematic == Approx(400 * 0.04 / xx).epsilon(1e-12));
  const double chi2 = 400 * 0.1 * 0.1 + 100 * 0.2 * 0.2; // 8
  CHECK(c.chi2_per_dof == Approx(chi2).epsilon(1e-9));
  CHECK(c.scale == Approx(std::sqrt(chi2)).epsilon(1e-9));
  CHECK(c.standard_error == Approx(std::sqrt(chi2) * std::hypot(c.statistical, c.systematic)).epsilon(1e-9));
  CHECK(c.p_value == Approx(std::erfc(std::sqrt(chi2 / 2))).epsilon(1e-9)); // one degree of freedom
  CHECK(c.cases == 2);
}

TEST_CASE("a common systematic error does not average out, a statistical one does", "[campaign]") {
  std::vector<app::CoefficientPoint> points;
  for (int i = 1; i <= 100; ++i)
    points.push_back({0.1, 0.2, 0.01, 0.01});
  const auto c = app::fit_coefficient(points);
  CHECK(c.value == Approx(2));
  CHECK(c.statistical == Approx(0.01 / 0.1 / 10));
  CHECK(c.systematic == Approx(0.01 / 0.1));
  CHECK(c.scale == 1); // chi2 of nothing does not shrink errors
}

TEST_CASE("numbers that are none are left out; no case, no coefficient", "[campaign]") {
  const test::FpTrapsOff quiet;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto c = app::fit_coefficient({{1, 2, 0.1, 0}, {1, nan, 0.1, 0}, {0, 3, 0.1, 0}, {1, 2, nan, 0}});
  CHECK(c.cases == 1);
  CHECK(c.value == 2);
  CHECK(std::isnan(c.chi2_per_dof));
  CHECK(std::isnan(app::fit_coefficient({}).value));
}

TEST_CASE("exact exponents get the smallest error anyone would quote", "[campaign]") {
  CHECK(app::fit_coefficient({{0.5, 1, 0, 0}}).standard_error == 1e-6);
}

TEST_CASE("coverage: 95% of the intervals of c hold the truth", "[campaign]") {
  // 2000 campaigns of 12 cases with normal errors of unequal size: 1.96 standard errors hold 95%, scaled ones a little
  // more. Binomial error of the share: .5%; bounds at 4 of them.
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  int inside = 0, rejected = 0;
  constexpr int campaigns = 2000;
  for (int n = 0; n < campaigns; ++n) {
    std::vector<app::CoefficientPoint> points;
    for (int i = 1; i <= 12; ++i) {
      const double x = 0.05 * i, sigma = 0.001 * (1 + i % 4);
      points.push_back({x, 2 * x + sigma * normal(engine), sigma, 0});
    }
    const auto c = app::fit_coefficient(points);
    inside += std::abs(c.value - 2) < 1.96 * c.standard_error ? 1 : 0;
    rejected += c.p_value < 0.01 ? 1 : 0;
  }
  CHECK(inside > campaigns * 0.93);
  CHECK(inside < campaigns * 0.985);
  CHECK(rejected < campaigns * 0.02);
}

TEST_CASE("cases of another law: chi2 says that there is no single c", "[campaign]") {
  std::vector<app::CoefficientPoint> points; // alpha = h/D at D = 3, d = 2.2 ... 3, against h/d
  for (const double d : {2.2, 2.6, 3.0})
    for (const double h : {0.2, 0.4, 0.6})
      points.push_back({h / d, 2 * h / 3, 0.001, 0});
  const auto c = app::fit_coefficient(points);
  CHECK(c.p_value < 1e-6);
  CHECK(c.chi2_per_dof > 100);
}
