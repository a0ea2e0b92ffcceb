// Reference rows of the published tables that no other test holds (numpy, scipy: many starts, BFGS, Gauss-Newton).

#include "analysis/losses/loss_minimum.hpp"
#include "analysis/losses/loss_profile.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/scaling/isoflop.hpp"
#include "tests/analysis/scaling/run_tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <map>

using namespace cascade;
using namespace cascade::analysis;
using test::check_numbers;
using test::number_of_fit;

namespace {

LawFitOptions by(Objective objective) {
  return {{objective, 1e-3, 10, false}, {}, {}, true};
}

Approx at_most_apart(double value, double relative) {
  return Approx(value).epsilon(relative).margin(0);
}

/// A, B, E and alpha = beta of Muennighoff et al., in the law's own variables, with these R_D and R_N.
std::vector<double> muennighoff_at(const LawData& data, double r_d, double r_n) {
  const double alpha = 0.3526596;
  return {std::log(r_d), std::log(r_n), alpha, 6.255414 - alpha * data.mean_n, 7.3049974 - alpha * data.mean_d,
          0.6254804};
}

/// Four small sizes at twenty tokens a parameter, the smallest at 320; with the size of 1.4e9 at twenty for `six`.
RunTable chosen_by_gadre(const RunTable& all, const std::string& set, bool six) {
  const auto found = std::find_if(all.group_names.begin(), all.group_names.end(),
                                  [&](const std::string& name) { return name.starts_with(set); });
  REQUIRE(found != all.group_names.end());
  const auto group = static_cast<int>(found - all.group_names.begin());
  const double smallest = *std::min_element(all.params.begin(), all.params.end());
  return test::rows_where(all, [&](std::size_t i) {
    const double multiplier = all.tokens[i] / all.params[i];
    const bool twenty = std::abs(multiplier / 20 - 1) < 0.01 && all.params[i] < (six ? 1.6e9 : 1e9);
    return all.group[i] == group && (twenty || (all.params[i] <= smallest && std::abs(multiplier / 320 - 1) < 0.01));
  });
}

RunTable downstream() {
  RunColumns asked;
  asked[RunRole::error] = "error_17";
  return test::runs("gadre2024_downstream.csv", {}, asked);
}

} // namespace

TEST_CASE("reference rows: ends of the search for R_D, and the lowest of them", "[laws]") {
  const LawData data = law_data(test::runs("muennighoff2023_182.csv"));
  const LawObjective by_huber{Objective::huber_log, 1e-3, 10, false};
  const auto value = [&](double r_d, double r_n) {
    return law_objective("repeated", data, by_huber, muennighoff_at(data, r_d, r_n));
  };
  const double published = value(15.387756, 5.309743), beside = value(15.371759, 5.315126);
  const double second = value(46.990292, 2.329579), lowest = value(95.36517, 1.70591);
  CHECK(beside == at_most_apart(1.582593206911e-2, 1e-8));
  CHECK(second == at_most_apart(1.580737857e-2, 1e-8));
  CHECK(lowest == at_most_apart(1.580466247e-2, 1e-8));
  CHECK(lowest < second);
  CHECK(second < beside);
  CHECK(beside < published);
  for (const auto& [r_d, r_n] : {std::array{15.371759, 5.315126}, std::array{46.990292, 2.329579}})
    for (const double step : {0.999, 1.001}) { // each is an end: what lies beside it is no lower
      CHECK(value(r_d * step, r_n) >= value(r_d, r_n) * (1 - 1e-9));
      CHECK(value(r_d, r_n * step) >= value(r_d, r_n) * (1 - 1e-9));
    }
}

TEST_CASE("reference rows: the rest of the profile of R_D", "[laws]") {
  const LawData data = law_data(test::runs("muennighoff2023_182.csv"));
  const std::vector<double> there = muennighoff_at(data, 1, 1);
  for (const auto& [r_d, r_n, objective] :
       {std::array{10.0, 7.556, 1.590981e-2}, std::array{20.0, 3.208, 1.584076e-2},
        std::array{100.0, 1.684, 1.580526e-2}, std::array{1e6, 0.742, 1.592345e-2}}) {
    CAPTURE(r_d);
    LawFitOptions held = by(Objective::huber_log);
    held.fixed = {{0, std::log(r_d)}};
    for (int i = 2; i < 6; ++i)
      held.fixed.emplace_back(i, there[static_cast<std::size_t>(i)]);
    const LawFit fit = fit_law("repeated", data, held);
    CHECK(fit.value == at_most_apart(objective, 4e-7));
    CHECK(number_of_fit(data, fit, "R_N") == at_most_apart(r_n, 7e-4));
  }
}

TEST_CASE("reference rows: what epochs are worth", "[laws]") {
  // One size so small that no token is wasted on it: N' = N, and the loss says what D' is.
  RunTable t;
  t.name = "epochs";
  for (const double epochs : {1.0, 4.0, 16.0, 40.0}) {
    t.params.push_back(1e7);
    t.unique.push_back(1e10);
    t.tokens.push_back(epochs * 1e10);
    t.loss.push_back(3);
  }
  const LawData data = law_data(t);
  const std::vector<double> loss = law_values("repeated", data, muennighoff_at(data, 15.387756, 5.309743));
  const double alpha = 0.3526596, floor = std::exp(0.6254804) + std::exp(6.255414) * std::pow(1e7, -alpha);
  const std::array worth{1.0, 0.931418, 0.661404, 0.379187};
  for (std::size_t i = 0; i < worth.size(); ++i) {
    const double effective = std::pow((loss[i] - floor) / std::exp(7.3049974), -1 / alpha);
    CHECK(effective / t.tokens[i] == Approx(worth[i]).margin(1e-6));
  }
  t.params = {8.7e9};
  t.tokens = {178e9};
  t.unique = {178e9 / 7};
  t.loss = {3};
  const LawData large = law_data(t);
  CHECK(law_values("repeated", large, muennighoff_at(large, 15.387756, 5.309743))[0] == Approx(2.226081).margin(1e-6));
}

TEST_CASE("reference rows: six numbers of repeated data at once", "[laws]") {
  const LawData data = law_data(test::runs("muennighoff2023_182.csv"));
  const LawFit all = fit_law("repeated", data, by(Objective::huber_log));
  CHECK(all.value == at_most_apart(6.961245070e-3, 1e-8));
  check_numbers(data, all,
                {{"alpha", 0.40301519, 1e-6},
                 {"A", 1180.162, 1e-5},
                 {"B", 6594.201, 1e-5},
                 {"E", 2.1044367, 1e-6},
                 {"R_D", 33.576, 1e-4},
                 {"R_N", 153.47, 1e-4}});
}

TEST_CASE("reference rows: the second training set of Gadre et al., and the errors they publish", "[laws]") {
  const RunTable all = downstream();
  const LawData c4 = law_data(chosen_by_gadre(all, "c4", false));
  REQUIRE(c4.size() == 5);
  const LawFit fit = fit_law("tied", c4, by(Objective::least_squares));
  CHECK(fit.value == at_most_apart(4.141189e-4, 1e-6));
  check_numbers(
      c4, fit, {{"alpha", 0.24247224, 1e-6}, {"E", 1.5082606, 1e-6}, {"A", 113.692604, 1e-5}, {"B", 152.512258, 1e-5}});
  const LawData c4_errors = error_data(chosen_by_gadre(all, "c4", true));
  REQUIRE(c4_errors.size() == 6);
  const LawFit error = fit_law("error", c4_errors, by(Objective::least_squares));
  CHECK(error.value == at_most_apart(5.495790e-4, 1e-6));
  check_numbers(c4_errors, error, {{"eps", 0.8497423, 1e-6}, {"gamma", 0.7561192, 1e-6}, {"k", 2.078899, 1e-6}});

  // loss and error of the two large models of the other set, predicted from five and six runs
  const LawData rpj = law_data(chosen_by_gadre(all, "rpj", false));
  const LawFit loss_law = fit_law("tied", rpj, by(Objective::least_squares));
  const LawData rpj_errors = error_data(chosen_by_gadre(all, "rpj", true));
  const LawFit error_law = fit_law("error", rpj_errors, by(Objective::least_squares));
  check_numbers(rpj_errors, error_law, {{"k", 2.206491, 1e-6}});
  const LossParameters law = test::two_resources_of(rpj, loss_law); // in compute: C^-eta (a M^eta + b M^-eta)
  CHECK(law.amplitude * std::pow(6, law.alpha / 2) == at_most_apart(212.236115, 1e-5));
  CHECK(law.second_amplitude * std::pow(6, law.alpha / 2) == at_most_apart(366.687184, 1e-5));
  int seen = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double multiplier = all.tokens[i] / all.params[i];
    const bool over_trained = all.params[i] > 1.3e9 && all.params[i] < 1.6e9 && std::abs(multiplier / 640 - 1) < 0.02;
    const bool large = all.params[i] > 6e9 && std::abs(multiplier / 20 - 1) < 0.02;
    if (!all.group_names[static_cast<std::size_t>(all.group[i])].starts_with("rpj") || !(over_trained || large))
      continue;
    ++seen;
    const double predicted = law.loss(all.params[i], all.tokens[i]);
    const auto of_error = [&](const char* name) { return number_of_fit(rpj_errors, error_law, name); };
    const double wrong = of_error("eps") - of_error("k") * std::exp(-of_error("gamma") * predicted);
    CHECK(std::abs(predicted / all.loss[i] - 1) == Approx(large ? 0.007320 : 0.007103).margin(6e-7));
    CHECK(std::abs(wrong / all.error[i] - 1) == Approx(large ? 0.000464 : 0.036365).margin(6e-7));
  }
  CHECK(seen == 2);
}

TEST_CASE("reference rows: the error law on all models", "[laws]") {
  const LawData every = error_data(downstream());
  const LawFit one = fit_law("error", every, by(Objective::least_squares));
  check_numbers(every, one, {{"eps", 0.8486361, 1e-6}, {"k", 2.586266, 1e-6}});
}

TEST_CASE("reference rows: cells of Porian et al.", "[isoflop]") {
  RunReading reading;
  reading.filters = {{"dataset", "rw", {}, {}}, {"hparams", "tuned", {}, {}}};
  const RunTable tuned = test::runs("porian2024_isoflop.csv", reading);
  std::map<double, double> best;
  for (std::size_t i = 0; i < tuned.size(); ++i) {
    double& lowest = best.try_emplace(tuned.compute[i], tuned.loss[i]).first->second;
    lowest = std::min(lowest, tuned.loss[i]);
  }
  CHECK(tuned.size() == 121);
  const LawData trained = law_data(
      test::rows_where(tuned, [&](std::size_t i) { return tuned.loss[i] <= 1.1 * best.at(tuned.compute[i]); }));
  REQUIRE(trained.size() == 86);
  const LawFit fit = fit_law("two_variables", trained, by(Objective::huber_log));
  CHECK(fit.value == at_most_apart(1.1909912236e-3, 1e-8));
  check_numbers(trained, fit,
                {{"alpha", 0.347606, 3e-6},
                 {"beta", 0.302276, 3e-6},
                 {"E", 2.550283, 1e-6},
                 {"A", 323.74, 2e-5},
                 {"B", 318.5, 2e-4}});

  reading.filters = {{"index", "0", {}, {}}};
  const RunTable kaplan = test::runs("porian2024_isoflop.csv", reading);
  const IsoFlop cells = isoflop(kaplan);
  CHECK(cells.used == 8);
  CHECK(cells.budgets.size() == 11);
  CHECK(cells.law.exponent == at_most_apart(0.86515825, 1e-7));
  IsoOptions window;
  window.window = 6;
  const IsoFlop near = isoflop(kaplan, window);
  CHECK(near.used == 11);
  CHECK(near.law.exponent == at_most_apart(0.85643687, 1e-7));

  reading.filters = {{"index", "4", {}, {}}};
  const RunTable minima = test::runs("porian2024_minima.csv", reading);
  CHECK(size_law(minima.compute, minima.tokens).exponent == at_most_apart(0.5029712, 1e-6));
  CHECK(std::exp(size_law(minima.compute, minima.params).log_coefficient) == at_most_apart(0.118199038, 1e-7));
  REQUIRE(minima.size() == 12);
  CHECK(minima.compute.front() == at_most_apart(1.25e16, 1e-9));
  CHECK(minima.compute.back() == at_most_apart(2.56e19, 1e-9));
}

TEST_CASE("reference rows: cells of Porian et al., those of models that barely trained too", "[laws]") {
  RunReading reading;
  reading.filters = {{"dataset", "rw", {}, {}}, {"hparams", "tuned", {}, {}}};
  const LawData all = law_data(test::runs("porian2024_isoflop.csv", reading));
  check_numbers(all, fit_law("two_variables", all, by(Objective::least_squares)),
                {{"E", 3.227, 2e-4}, {"alpha", 1.80, 2e-3}}); // no law: the reference calls it nonsense
}

TEST_CASE("reference rows: a sigmoid of the error has no lower end", "[laws]") {
  const LawData every = error_data(downstream());
  const LawFit sigmoid = fit_law("error_sigmoid", every, by(Objective::least_squares));
  CHECK(number_of_fit(every, sigmoid, "low") < -10); // of a share; the reference stopped at -326, on the same slope
  // its limit, the exponential, is as good: nothing holds the lower end
  CHECK(sigmoid.value > 3.04157891e-2);
  CHECK(sigmoid.value < 1.0005 * 3.04157891e-2);
}

TEST_CASE("reference rows: how far A of Gemstones goes for a hundredth of the objective", "[laws]") {
  const LossTable cooled = test::runs("gemstones_cool_end.csv").points();
  const LossFitOptions by_huber{Objective::huber_log};
  const LossFit fit = fit_losses(cooled, LossModel::two_variables, by_huber);
  const LossProblem problem(cooled, LossModel::two_variables);
  const auto rise = [&](double amplitude) { // in percent
    const SmallVector at = lowest_with(problem, fit, problem.quantities()[1], std::log(amplitude));
    return 100 * (objective_value(problem, at, by_huber) / fit.value - 1);
  };
  REQUIRE(problem.quantities()[1].name == "log A");
  CHECK(rise(117) == Approx(1.16).margin(5e-3));
  CHECK(rise(440) < 1.16); // "near 455": 447
  CHECK(rise(455) > 1.16);
}

TEST_CASE("reference rows: routers of Clark et al., every number", "[laws]") {
  RunColumns asked;
  asked[RunRole::loss] = "loss_validation";
  asked[RunRole::params] = "dense_parameter_count";
  RunReading reading;
  reading.filters = {{"routing_frequency", "0.5", {}, {}}, {"k", "1", {}, {}}, {"seed", "42", {}, {}}};
  const RunTable all = test::runs("clark2022_routed_final_losses.csv", reading, asked);
  struct Row {
    const char* router;
    std::array<double, 6> numbers;
    double bilinear;
  };
  for (const Row& row :
       {Row{"S-Base", {-0.08302529, -0.11804367, 0.00992483, 1.11357999, 2.074568, 238.674878}, 1.428912e-5},
        Row{"Hash", {-0.08735670, -0.13836389, 0.01263523, 1.15953068, 4.268770, 427.322968}, 1.395549e-5}}) {
    CAPTURE(row.router);
    const LawData data = law_data(test::rows_where(all, [&](std::size_t i) {
      const std::string& name = all.group_names[static_cast<std::size_t>(all.group[i])];
      return name == "Dense" || name == row.router;
    }));
    const LawFit fit = fit_law("experts", data, by(Objective::least_squares_log));
    const std::array names{"a", "b", "c", "d", "E_start", "E_max"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      CAPTURE(names[i]);
      CHECK(number_of_fit(data, fit, names[i]) == at_most_apart(row.numbers[i], i < 4 ? 1e-6 : 1e-5));
    }
    const LawFit bilinear = fit_law("experts_bilinear", data, by(Objective::least_squares_log));
    const double rows = static_cast<double>(data.size());
    CHECK(bilinear.value / std::pow(std::log(10.0), 2) / rows == at_most_apart(row.bilinear, 1e-6));
  }
}
