// Exponents with errors: windows found, intervals that hold, errors carried through ratios.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/no_fit.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace cascade;
using analysis::Correction;
using analysis::ExponentFit;
using analysis::fit_exponent;
using analysis::PowerLawModel;

namespace {

const PowerLawModel plain{"A s^a", {}};
const PowerLawModel corrected{"A s^a + B s^2", {{Correction::Kind::fixed_power, 2, {}}}};

double law(double x) {
  return std::pow(x, 0.7333) * (1 - 0.4 * std::pow(x, 2 - 0.7333));
}

ExponentFit make(double exponent, std::vector<double> replicates, double systematic) {
  ExponentFit fit;
  fit.exponent = exponent;
  fit.replicates = std::move(replicates);
  fit.loglog_slope = exponent;
  fit.systematic_error = systematic;
  return fit;
}

} // namespace

TEST_CASE("Nearly exact data give the exponent, its model and its window", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 14, {24, 0.1, 0, 1e-7}, 1);
  const auto fit = fit_exponent(table, {corrected, plain}, {});
  CHECK(fit.exponent == Approx(0.7333).margin(1e-6));
  CHECK(fit.model == corrected.name);
  CHECK(fit.window[0] == std::exp2(-14));
  CHECK(fit.window[1] <= 0.125);
  CHECK(fit.points >= 6);
  CHECK(fit.replicates.size() == 24);
  CHECK(fit.statistical_error < 1e-6);
  CHECK(std::abs(fit.loglog_slope - 0.7333) > 1e-4); // the correction is there to be corrected
  CHECK(fit.standard_error == Approx(std::hypot(fit.statistical_error, fit.systematic_error)).margin(1e-15));
}

TEST_CASE("A window that was set is used; too few scales are refused", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 14, {24, 0.1, 0.01, 0.01}, 1);
  analysis::FitOptions options;
  options.window = {std::exp2(-11), std::exp2(-4)};
  const auto fit = fit_exponent(table, {corrected, plain}, options);
  CHECK(fit.window[0] == std::exp2(-11));
  CHECK(fit.window[1] == std::exp2(-4));
  CHECK(fit.points == 8);
  options.window = {std::exp2(-6), std::exp2(-4)};
  CHECK_THROWS_AS(fit_exponent(table, {corrected}, options), analysis::NoFit);
  analysis::FitOptions trusted;
  trusted.lowest_x = std::exp2(-9);
  CHECK(fit_exponent(table, {corrected}, trusted).window[0] == std::exp2(-9));
}

TEST_CASE("The automatic window ends where the model does", "[exponent_fit]") {
  const auto bent = [](double x) { return x <= std::exp2(-7) ? std::pow(x, 0.7) : std::pow(x, 0.7) * (1 + 30 * x); };
  const auto table = test::synthetic_table(bent, 3, 16, {24, 0.1, 0.002, 0.002}, 5);
  const auto fit = fit_exponent(table, {plain}, {});
  CHECK(fit.window[1] <= std::exp2(-6));
  CHECK(fit.p_value > 0.05);
  CHECK(std::abs(fit.exponent - 0.7) < 4 * fit.standard_error);
  CHECK(std::abs(fit.exponent - 0.7) < 0.005);
}

TEST_CASE("95% intervals hold the truth as often as they say", "[exponent_fit][slow]") {
  constexpr int trials = 160;
  int whole = 0, statistical = 0, profile = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto table =
        test::synthetic_table(law, 3, 12, {16, 0.15, 0.03, 0.02}, 1000 + static_cast<std::uint64_t>(trial));
    const auto fit = fit_exponent(table, {corrected}, {});
    const double t = (fit.interval95[1] - fit.exponent) / fit.standard_error; // Student's
    whole += fit.interval95[0] <= 0.7333 && 0.7333 <= fit.interval95[1] ? 1 : 0;
    statistical += std::abs(fit.exponent - 0.7333) <= t * fit.statistical_error ? 1 : 0;
    profile += fit.profile95[0] <= 0.7333 && 0.7333 <= fit.profile95[1] ? 1 : 0;
    CHECK(fit.profile95[0] < fit.exponent);
    CHECK(fit.profile95[1] > fit.exponent);
  }
  CAPTURE(whole, statistical, profile);
  const double error = std::sqrt(0.95 * 0.05 / trials); // binomial
  CHECK(whole >= (0.95 - 4 * error) * trials);
  CHECK(std::abs(statistical - 0.95 * trials) < 4 * error * trials); // neither too narrow nor too wide
  CHECK(std::abs(profile - 0.95 * trials) < 4 * error * trials);
}

TEST_CASE("Interval and standard error: Student's t of the blocks", "[exponent_fit]") {
  ExponentFit fit;
  fit.exponent = 1;
  fit.statistical_error = 0.03;
  fit.systematic_error = 0.04;
  analysis::finish(fit, 16);
  CHECK(fit.standard_error == Approx(0.05));
  CHECK(fit.interval95[1] == Approx(1 + 2.13145 * 0.05).epsilon(1e-5)); // t_(0.975, 15)
  CHECK(fit.interval95[0] == Approx(1 - 2.13145 * 0.05).epsilon(1e-5));
}

TEST_CASE("A ratio carries the errors of both, and what they share cancels", "[exponent_fit]") {
  // Replicates of two independent exponents, scatter s: jackknife error s sqrt(n-1) each.
  constexpr std::size_t n = 200;
  std::vector<double> a, b, twice;
  for (std::size_t i = 0; i < n; ++i) {
    a.push_back(0.6 * (1 + 0.001 * test::normal(1, i)));
    b.push_back(2.8 * (1 + 0.002 * test::normal(2, i)));
    twice.push_back(3 * a.back());
  }
  const auto one = make(0.6, a, 0.01), other = make(2.8, b, 0.03);
  const auto ratio = analysis::ratio_of_exponents(one, other);
  CHECK(ratio.exponent == Approx(0.6 / 2.8));
  const double relative = std::hypot(0.001, 0.002) * std::sqrt(n - 1.0);
  CHECK(ratio.statistical_error == Approx(0.6 / 2.8 * relative).epsilon(4 / std::sqrt(2.0 * n)));
  CHECK(ratio.systematic_error == Approx(0.6 / 2.8 * std::hypot(0.01 / 0.6, 0.03 / 2.8)));
  CHECK(ratio.standard_error == Approx(std::hypot(ratio.statistical_error, ratio.systematic_error)));
  const auto same = analysis::ratio_of_exponents(one, make(1.8, twice, 0));
  CHECK(same.exponent == Approx(1.0 / 3));
  CHECK(same.statistical_error < 1e-12);
}

TEST_CASE("Scaling by an exact number scales every error, whatever its sign", "[exponent_fit]") {
  const auto table = test::synthetic_table([](double x) { return std::pow(x, -1.7); }, 1, 10, {24, 0.1, 0.01, 0.01}, 3);
  const auto fit = fit_exponent(table, {plain}, {});
  const auto d = analysis::scaled(fit, -1), third = analysis::scaled(fit, 1.0 / 3);
  CHECK(d.exponent == -fit.exponent);
  CHECK(d.statistical_error == fit.statistical_error);
  CHECK(d.profile95[0] == -fit.profile95[1]);
  CHECK(d.interval95[0] == Approx(-fit.interval95[1]));
  CHECK(d.profile95[0] < d.profile95[1]);
  CHECK(third.standard_error == Approx(fit.standard_error / 3));
  CHECK(third.replicates[5] == Approx(fit.replicates[5] / 3).epsilon(1e-14));
}

TEST_CASE("A refit in the window of an earlier fit gives the same exponent on the same table", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 14, {24, 0.1, 0.01, 0.01}, 1);
  const auto fit = fit_exponent(table, {corrected}, {});
  CHECK(analysis::refit_exponent(table, corrected, fit) == Approx(fit.exponent).margin(1e-6));
}
