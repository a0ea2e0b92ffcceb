// The rest of the reference numbers (numpy, scipy: many starts, BFGS, Gauss-Newton) on the tables that ship.

#include "analysis/scaling/isoflop.hpp"
#include "tests/analysis/scaling/run_tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string>

using namespace cascade;
using namespace cascade::analysis;
using test::check_numbers;
using test::number_of_fit;

namespace {

LawFitOptions minimising(Objective objective, double delta = 1e-3) {
  return {{objective, delta, 10, false}, {}, {}, true};
}

Approx close_to(double value, double relative) {
  return Approx(value).epsilon(relative).margin(0);
}

/// Objective, alpha, beta, A, B, E of the law with two resources; what is NaN is not asked.
LawFit check_two(const LawData& data, const LawFitOptions& options, double objective, double alpha, double beta,
                 double a, double b, double e) {
  const LawFit fit = fit_law("two_variables", data, options);
  CHECK(fit.value == close_to(objective, 1e-8));
  check_numbers(data, fit, {{"alpha", alpha, 1e-6}, {"beta", beta, 1e-6}, {"E", e, 1e-6}});
  if (std::isfinite(a))
    check_numbers(data, fit, {{"A", a, 1e-5}, {"B", b, 1e-5}});
  return fit;
}

constexpr double unasked = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("published: Hoffmann et al., held out by compute", "[published]") {
  const RunTable all = test::hoffmann();
  const RunTable low = test::rows_where(all, [&](std::size_t i) { return all.compute[i] <= 3.5e20; });
  const RunTable high = test::rows_where(all, [&](std::size_t i) { return all.compute[i] > 3.5e20; });
  REQUIRE(low.size() == 180);
  const LawData data = law_data(low);
  const LawFit fit = fit_law("two_variables", data, minimising(Objective::huber_log));
  CHECK(fit.value == close_to(6.2698563970e-4, 1e-8));
  check_numbers(data, fit,
                {{"alpha", 0.337730, 3e-6},
                 {"beta", 0.452117, 3e-6},
                 {"E", 1.897260, 1e-6},
                 {"A", 407.6760, 1e-5},
                 {"B", 11850.074, 1e-5}});
  const LossParameters p = test::two_resources_of(data, fit);
  double mean = 0, square = 0, worst = 0;
  for (std::size_t i = 0; i < high.size(); ++i) {
    const double r = std::log(p.loss(high.params[i], high.tokens[i]) / high.loss[i]);
    mean += r / 60;
    square += r * r / 60;
    worst = std::max(worst, std::abs(r));
  }
  CHECK(std::sqrt(square) == close_to(1.305147e-2, 1e-5));
  CHECK(mean == close_to(6.337506e-3, 1e-5));
  CHECK(worst == Approx(0.04215).margin(6e-6));
}

TEST_CASE("published: Porian et al., laws of minima and of cells", "[published]") {
  RunReading reading;
  reading.filters = {{"index", "4", {}, {}}};
  RunColumns none;
  none[RunRole::params] = none[RunRole::tokens] = none[RunRole::multiplier] = none[RunRole::sd] = "none";
  const LawData minima = law_data(test::runs("porian2024_minima.csv", reading, none));
  const LawFit law = fit_law("compute", minima, minimising(Objective::least_squares));
  CHECK(law.value == close_to(7.585054e-5, 1e-6));
  check_numbers(minima, law, {{"alpha", 0.09056825, 1e-6}, {"E", 1.6436606, 1e-6}, {"A", 83.166509, 1e-5}});
}

TEST_CASE("published: Luo et al., a constant learning rate", "[published]") {
  RunColumns asked;
  asked[RunRole::tokens] = "summed_rate";
  const RunTable table = test::runs("luo2025_constant_25m.csv", {}, asked);
  REQUIRE(table.size() == 546);
  const LawData data = law_data(table);
  const LawFit law = fit_law("pedestal", data, minimising(Objective::least_squares));
  CHECK(law.value == close_to(9.619228e-4, 1e-7));
  check_numbers(data, law, {{"alpha", 0.49069508, 1e-6}, {"E", 3.1395439, 1e-6}, {"A", 0.5333742, 1e-5}});
}

TEST_CASE("published: the Gemstones, cooled", "[published]") {
  const LawData data = law_data(test::runs("gemstones_cool_end.csv"));
  REQUIRE(data.size() == 199);
  const LawFit ours = check_two(data, minimising(Objective::huber_log), 1.964086431e-3, 0.30036057, 0.58016729,
                                226.132794, 271661.006, 2.07478370);
  check_two(data, minimising(Objective::least_squares_log), 2.434537332e-2 * 2, 0.25935413, 0.49472793, 117.638335,
            41249.748, 1.95090444);
  check_two(data, minimising(Objective::least_squares), 0.453218915, 0.25053717, 0.50331272, unasked, unasked,
            1.94058274);
  LawFitOptions narrow = minimising(Objective::huber_log, 1e-4); // from the end at 1e-3
  narrow.starts = {ours.at};
  narrow.own_starts = false;
  const LawFit at_narrow = fit_law("two_variables", data, narrow);
  CHECK(at_narrow.value == close_to(2.047790675514e-4, 1e-8));
  check_numbers(data, at_narrow, {{"alpha", 0.30063897, 1e-6}, {"beta", 0.58596767, 1e-6}, {"E", 2.07985765, 1e-6}});
  // what the authors stored: an end of a grid search
  const double alpha = 0.2970133066, beta = 0.6903991635;
  CHECK(law_objective("two_variables", data, {Objective::huber_log, 1e-4},
                      {alpha, beta, 5.3627962101 - alpha * data.mean_n, 14.9717677508 - beta * data.mean_d,
                       0.7458889548}) == close_to(2.059405620e-4, 1e-8));
}

TEST_CASE("published: what repeated data are worth", "[published]") {
  const RunTable table = test::runs("muennighoff2023_182.csv");
  const LawData data = law_data(table);
  const double alpha = 0.3526596;
  // profile of R_D: R_N and the objective
  LawFitOptions held = minimising(Objective::huber_log);
  held.fixed = {{2, alpha}, {3, 6.255414 - alpha * data.mean_n}, {4, 7.3049974 - alpha * data.mean_d}, {5, 0.6254804}};
  for (const auto& [r_d, r_n, objective] : {std::array{5.0, 19.141, 1.616047e-2}, std::array{47.0, 2.329, 1.580738e-2},
                                            std::array{300.0, 1.236, 1.583663e-2}}) {
    LawFitOptions one = held;
    one.fixed.emplace_back(0, std::log(r_d));
    const LawFit fit = fit_law("repeated", data, one);
    CHECK(fit.value == close_to(objective, 4e-7));
    CHECK(number_of_fit(data, fit, "R_N") == close_to(r_n, 5e-4));
  }
  const RunTable below = test::rows_where(table, [&](std::size_t i) { return table.loss[i] < 4; });
  REQUIRE(below.size() == 149);
  const LawData low = law_data(below);
  LawFitOptions again = minimising(Objective::huber_log);
  again.fixed = {{2, alpha}, {3, 6.255414 - alpha * low.mean_n}, {4, 7.3049974 - alpha * low.mean_d}, {5, 0.6254804}};
  const LawFit fit = fit_law("repeated", low, again);
  CHECK(fit.value == close_to(1.0777912032e-2, 1e-8));
  check_numbers(low, fit, {{"R_D", 20.98389, 1e-4}, {"R_N", 4.54438, 1e-4}});
}

TEST_CASE("published: scatter of seeds of Muennighoff et al.") {
  RunColumns asked;
  asked[RunRole::run] = "name";
  const RunTable all = test::runs("muennighoff2023_datablations.csv", {}, asked);
  const auto seeds = [&](const std::string& but) {
    return repeated_runs(test::rows_where(all, [&](std::size_t i) {
      const std::string& name = all.run_names[static_cast<std::size_t>(all.run[i])];
      return name.find("seed") != std::string::npos && name != but;
    }));
  };
  const RepeatedRuns numbered = seeds("");
  CHECK(numbered.places == 16);
  CHECK(numbered.rows == 64);
  CHECK(numbered.sd == Approx(0.003926).margin(5e-7));
  // the reference groups by name: one of the 64 is written otherwise (4b284b12bseed1 beside 4b284b12bc4seed2) and is
  // alone then
  const RepeatedRuns by_name = seeds("4b284b12bseed1");
  CHECK(by_name.places == 16);
  CHECK(by_name.rows == 63);
  CHECK(by_name.sd == Approx(0.003948).margin(5e-7));
  double least = 1, most = 0; // each place alone
  std::set<double> tokens(all.tokens.begin(), all.tokens.end()), unique(all.unique.begin(), all.unique.end());
  for (const double d : tokens)
    for (const double u : unique) {
      const RepeatedRuns place = repeated_runs(test::rows_where(all, [&](std::size_t i) {
        const std::string& name = all.run_names[static_cast<std::size_t>(all.run[i])];
        return all.tokens[i] == d && all.unique[i] == u && name.find("seed") != std::string::npos &&
               name != "4b284b12bseed1";
      }));
      if (place.places == 1) {
        least = std::min(least, place.sd);
        most = std::max(most, place.sd);
      }
    }
  CHECK(least == Approx(0.0003).margin(5e-5));
  CHECK(most == Approx(0.0099).margin(5e-5));
}
