// Exponents with errors: windows found, intervals that hold, errors carried through ratios.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/no_fit.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>

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
  fit.octaves = 10;
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

TEST_CASE("A window that was set is used", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 14, {24, 0.1, 0.01, 0.01}, 1);
  analysis::FitOptions options;
  options.window = {std::exp2(-11), std::exp2(-4)};
  const auto fit = fit_exponent(table, {corrected, plain}, options);
  CHECK(fit.window[0] == std::exp2(-11));
  CHECK(fit.window[1] == std::exp2(-4));
  CHECK(fit.points == 8);
  analysis::FitOptions trusted;
  trusted.lowest_x = std::exp2(-9);
  CHECK(fit_exponent(table, {corrected}, trusted).window[0] == std::exp2(-9));
}

TEST_CASE("The automatic window ends where the model does", "[exponent_fit]") {
  const auto bent = [](double x) { return x <= std::exp2(-7) ? std::pow(x, 0.7) : std::pow(x, 0.7) * (1 + 30 * x); };
  const auto table = test::synthetic_table(bent, 3, 16, {24, 0.1, 0.002, 0.002}, 5);
  const auto fit = fit_exponent(table, {plain}, {});
  CHECK(fit.window[1] <= std::exp2(-6));
  CHECK(*fit.p_value > 0.05);
  CHECK(std::abs(fit.exponent - 0.7) < 4 * fit.standard_error);
  CHECK(std::abs(fit.exponent - 0.7) < 0.005);
}

TEST_CASE("95% intervals hold the truth as often as they say, and are no wider than they need be",
          "[exponent_fit][slow]") {
  constexpr int trials = 160;
  int whole = 0, statistical = 0, profile = 0;
  double square = 0, error2 = 0, sum = 0;
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
    sum += fit.exponent - 0.7333;
    square += std::pow(fit.exponent - 0.7333, 2) / trials;
    error2 += std::pow(fit.standard_error, 2) / trials;
  }
  CAPTURE(whole, statistical, profile, error2, square, sum / trials);
  const double error = std::sqrt(0.95 * 0.05 / trials); // binomial
  CHECK(whole >= (0.95 - 4 * error) * trials);
  CHECK(std::abs(statistical - 0.95 * trials) < 4 * error * trials); // neither too narrow nor too wide
  CHECK(std::abs(profile - 0.95 * trials) < 4 * error * trials);
  CHECK(std::sqrt(error2 / square) < 1.3 * (1 + 4 / std::sqrt(2.0 * trials)));
  CHECK(std::sqrt(error2 / square) > 0.8 * (1 - 4 / std::sqrt(2.0 * trials)));
  CHECK(std::abs(sum / trials) < 0.3 * std::sqrt(error2) + 4 * std::sqrt(square / trials));
}

TEST_CASE("A range is needed: three octaves, and it is said how many there were", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 14, {24, 0.1, 0.01, 0.01}, 1);
  analysis::FitOptions options;
  options.window = {std::exp2(-6), std::exp2(-4)};
  CHECK_THROWS_AS(fit_exponent(table, {plain}, options), analysis::NoFit);
  CHECK_THROWS_WITH(fit_exponent(table, {plain}, options),
                    "too few scales for an exponent: 3 over 2 octaves (0.0156 to 0.0625); 3 over 3 are needed");
  options.window = {std::exp2(-7), std::exp2(-4)};
  CHECK(fit_exponent(table, {plain}, options).octaves == Approx(3));
  CHECK_NOTHROW(fit_exponent(table, {corrected}, options));
  // Many scales do not make a range.
  analysis::BlockTable dense;
  for (int i = 0; i < 20; ++i) {
    dense.x.push_back(0.05 * std::pow(1.05, i));
    dense.count.push_back(1);
  }
  for (std::size_t b = 0; b < 8; ++b) {
    auto& sum = dense.sum.emplace_back();
    dense.weight.emplace_back(20, 1.0);
    for (std::size_t i = 0; i < 20; ++i)
      sum.push_back(std::pow(dense.x[i], 0.7) * (1 + 0.01 * test::normal(2, b * 100 + i)));
  }
  CHECK_THROWS_AS(fit_exponent(dense, {plain}, {{}, 0, 1}), analysis::NoFit);
  CHECK_THROWS_AS(fit_exponent(table.collapsed(), {plain}, {}), analysis::NoFit); // one block has no error
}

TEST_CASE("A fit that fails is not quoted as exact", "[exponent_fit]") {
  // Wiggles of 3% that no model has, on data good to 1e-4: T^2/dof in the thousands, and each window says otherwise.
  const auto wiggly = [](double x) { return std::pow(x, 0.7) * (1 + 0.03 * std::cos(2 * std::log2(x))); };
  double square = 0;
  constexpr int trials = 20;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const double phase = 0.6 * static_cast<double>(trial);
    const auto law_of_trial = [&](double x) { return wiggly(x * std::exp2(phase)); };
    const auto table = test::synthetic_table(law_of_trial, 1, 12, {24, 0.1, 1e-4, 1e-4}, trial);
    const auto fit = fit_exponent(table, {plain}, {});
    CAPTURE(phase, fit.exponent, fit.standard_error, *fit.p_value, *fit.chi2_per_dof);
    CHECK(*fit.p_value < 0.01);
    CHECK(*fit.chi2_per_dof > 100);
    CHECK(fit.status == analysis::FitStatus::widened);
    CHECK(fit.widening > 10);
    CHECK(fit.reason.find("the curve leaves the model by") != std::string::npos);
    CHECK(std::abs(fit.exponent - 0.7) < 2 * fit.standard_error);
    CHECK(fit.standard_error < 0.03); // 3% over nine octaves leave no more open
    square += std::pow((fit.exponent - 0.7) / fit.standard_error, 2) / trials;
  }
  CHECK(square < 1);
  CHECK(square > 0.05); // nor is the error out of all proportion
}

TEST_CASE("Where nothing describes the data and the exponent is left open, the fit failed", "[exponent_fit]") {
  const auto crossing = [](double x) { return std::pow(x, 0.3) + 300 * std::pow(x, 1.8); }; // two laws, half each
  const auto table = test::synthetic_table(crossing, 1, 12, {24, 0.1, 1e-4, 1e-4}, 1);
  analysis::FitOptions options;
  options.window = {std::exp2(-12), 0.5};
  const auto fit = fit_exponent(table, {plain}, options);
  CAPTURE(fit.exponent, fit.standard_error);
  CHECK(fit.status == analysis::FitStatus::failed);
  CHECK_FALSE(analysis::decides(fit.status));
}

TEST_CASE("A model that describes the data takes the place of one that does not", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 12, {24, 0.1, 1e-4, 1e-4}, 1);
  analysis::FitOptions options;
  options.window = {std::exp2(-12), 0.5};
  const auto fit = fit_exponent(table, {plain, corrected}, options);
  CHECK(fit.model == corrected.name);
  CHECK(fit.status == analysis::FitStatus::good);
  CHECK(std::abs(fit.exponent - 0.7333) < 4 * fit.standard_error);
  CHECK(fit.standard_error < 0.01);
}

TEST_CASE("The fitted curve and its residuals are told", "[exponent_fit]") {
  const auto table = test::synthetic_table(law, 1, 12, {24, 0.1, 0.01, 0.01}, 7);
  const auto fit = fit_exponent(table, {corrected}, {});
  const auto mean = table.mean();
  REQUIRE(fit.curve.x.size() == static_cast<std::size_t>(fit.points));
  REQUIRE(fit.curve.residual.size() == fit.curve.x.size());
  double square = 0;
  for (std::size_t i = 0; i < fit.curve.x.size(); ++i) {
    const auto at = std::find(table.x.begin(), table.x.end(), fit.curve.x[i]) - table.x.begin();
    CHECK(fit.curve.y[i] == Approx(mean[static_cast<std::size_t>(at)]).epsilon(0.03));
    CHECK(std::signbit(fit.curve.residual[i]) == (mean[static_cast<std::size_t>(at)] < fit.curve.y[i]));
    square += std::pow(fit.curve.residual[i], 2) / fit.points;
  }
  CHECK(square < 4); // in standard errors
  CHECK(fit.octaves == Approx(std::log2(fit.window[1] / fit.window[0])));
}

TEST_CASE("What a slow correction leaves open is in the error", "[exponent_fit]") {
  // A correction that fades as x^.1 over six octaves is an exponent's own shape: the prior decides, and is said.
  const PowerLawModel slow{"A + C", {{Correction::Kind::relative_power, 0.1, {}}}};
  const auto curve = [](double c) {
    return [c](double x) { return std::pow(x, 0.7) * (1 + c * std::pow(x / 0.125, 0.1)); };
  };
  for (const double c : {-0.4, 0.0, 0.4}) {
    const auto fit = fit_exponent(test::synthetic_table(curve(c), 3, 9, {24, 0.1, 0.01, 0.01}, 3), {slow}, {});
    CAPTURE(c, fit.exponent, fit.statistical_error, fit.systematic_error);
    CHECK(fit.systematic_error > 0.5 * fit.statistical_error);
    CHECK(std::abs(fit.exponent - 0.7) < 2 * fit.standard_error);
    CHECK(fit.standard_error < 0.2); // the correction's own exponent, .1, with room for its cancelling the whole
  }
}

TEST_CASE("An exponent in pieces needs a range of pieces", "[exponent_fit]") {
  // Fourteen octaves in s on a set of d = .15 are N = 5 to 21; ten are 5.2 to 14.
  auto in_s = make(0.6, std::vector<double>(16, 0.6), 0.01), counted = make(0.15, std::vector<double>(16, 0.15), 0);
  in_s.octaves = 10;
  CHECK_THROWS_AS(analysis::ratio_of_exponents(in_s, counted), analysis::NoFit);
  in_s.octaves = 25;
  CHECK(analysis::ratio_of_exponents(in_s, counted).octaves == Approx(3.75));
  counted.exponent = -0.17; // a tree that died out shows no dimension
  CHECK_THROWS_AS(analysis::ratio_of_exponents(in_s, counted), analysis::NoFit);
}

TEST_CASE("What is wrong with a part is wrong with what is made of it", "[exponent_fit]") {
  auto a = make(0.6, std::vector<double>(16, 0.6), 0.01), b = make(2, std::vector<double>(16, 2.0), 0.1);
  a.octaves = 6;
  analysis::mark(a, analysis::FitStatus::widened, "bent");
  CHECK(analysis::ratio_of_exponents(a, b).reason == "bent");
  analysis::mark(b, analysis::FitStatus::pinned, "at a bound");
  CHECK(analysis::ratio_of_exponents(a, b).status == analysis::FitStatus::pinned);
  CHECK(analysis::ratio_of_exponents(a, b).reason == "at a bound");
  CHECK(analysis::scaled(a, 0.5).status == analysis::FitStatus::widened);
  analysis::mark(b, analysis::FitStatus::widened, "better is not heard");
  CHECK(b.reason == "at a bound");
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

TEST_CASE("A power that is not told from the pedestal beside it is no exponent", "[exponent_fit]") {
  // A x^a - P with a towards zero is log x: the fit ends where its search does, with errors of roundoff.
  const PowerLawModel model{"A x^a - P", {{analysis::Correction::Kind::pedestal, 0, {}}}};
  const auto logarithm =
      test::synthetic_table([](double x) { return 1 + std::log(4096 * x); }, 1, 12, {24, 0.001, 0.0001, 0.0001}, 5);
  const auto none = fit_exponent(logarithm, {model}, {});
  CAPTURE(none.exponent, none.standard_error);
  CHECK(none.status == analysis::FitStatus::pinned);
  // Near it, and of a pedestal over a phi that is all but even, as cells of points have it: the same.
  for (const double of_first : {1.0, 1.05}) {
    const auto nearly = test::synthetic_table(
        [of_first](double x) { return std::pow(4096 * x, 0.02) - 0.98 / (4096 * x < 1.5 ? of_first : 1); }, 1, 12,
        {24, 0.001, 0, 0}, 5);
    std::vector<double> phi(12, 1.0);
    phi.front() = of_first;
    const PowerLawModel shares{"A x^a - P/phi", {{analysis::Correction::Kind::pedestal, 0, phi}}};
    const auto near = fit_exponent(nearly, {shares}, {});
    CAPTURE(of_first, near.exponent, near.standard_error);
    CHECK(near.exponent == Approx(0.02).margin(0.005));
    CHECK(near.status == analysis::FitStatus::pinned);
  }
  const auto slow = test::synthetic_table([](double x) { return std::pow(4096 * x, 0.2) - 0.5; }, 1, 12,
                                          {24, 0.001, 0.0001, 0.0001}, 5); // the roughest field there is
  const auto found = fit_exponent(slow, {model}, {});
  CHECK(analysis::decides(found.status));
  CHECK(std::abs(found.exponent - 0.2) < 4 * found.standard_error);
  CHECK(found.missing == Approx(0.5).margin(0.05)); // what completes the losses of other pieces
  REQUIRE(found.replicate_missing.size() == 24);
  CHECK(found.replicate_missing[3] == Approx(found.missing).margin(0.01));
}

TEST_CASE("Exponent fit: weights from eight blocks do not follow the luck of the points", "[exponent]") {
  // 200 power laws of ten points, each with a scatter of its own: (a - truth)/error is Student's t of 7 degrees, whose
  // square has the mean 7/5 and the variance 7.84, so that the mean of 200 lies below 2.2 (2.87 with weights of each
  // point alone)
  const auto law = [](double x) { return std::pow(x, 0.7); };
  double square = 0;
  constexpr int tables = 200;
  for (int i = 0; i < tables; ++i) {
    const auto fit = analysis::fit_exponent(test::synthetic_table(law, 3, 12, {8, 0.1, 0, 0.02}, 100 + i),
                                            {{"A x^a", {}}}, {{{0, 1}}, 0, 1});
    square += std::pow((fit.exponent - 0.7) / fit.statistical_error, 2) / tables;
  }
  CAPTURE(square);
  CHECK(square < 2.2);
  CHECK(square > 0.9);
}
