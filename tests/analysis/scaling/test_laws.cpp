// Laws on published tables against fits made without this program (numpy, scipy: many starts, BFGS, Gauss-Newton).

#include "tests/analysis/scaling/run_tables.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using namespace cascade::analysis;
using test::check_numbers;
using test::number_of_fit;

namespace {

const LawFitOptions huber{{Objective::huber_log, 1e-3, 10, false}, {}, {}, true};
const LawFitOptions squares_of_log{{Objective::least_squares_log, 1e-3, 10, false}, {}, {}, true};
const LawFitOptions squares{{Objective::least_squares, 1e-3, 10, false}, {}, {}, true};

Approx near(double value, double relative) {
  return Approx(value).epsilon(relative).margin(0);
}

} // namespace

TEST_CASE("laws: over-training and errors of Gadre et al.", "[laws]") {
  RunColumns asked;
  asked[RunRole::error] = "error_17";
  const RunTable all = test::runs("gadre2024_downstream.csv", {}, asked);
  const auto group = static_cast<int>(std::find_if(all.group_names.begin(), all.group_names.end(),
                                                   [](const std::string& name) { return name.starts_with("rpj"); }) -
                                      all.group_names.begin());
  // four small sizes at twenty tokens a parameter, the smallest at 320
  double smallest = 1e300;
  for (const double n : all.params)
    smallest = std::min(smallest, n);
  const auto multiplier = [&](std::size_t i) { return all.tokens[i] / all.params[i]; };
  const auto chosen = [&](std::size_t i, double most) {
    const bool twenty = std::abs(multiplier(i) / 20 - 1) < 0.01 && all.params[i] < most;
    return all.group[i] == group && (twenty || (all.params[i] <= smallest && std::abs(multiplier(i) / 320 - 1) < 0.01));
  };
  const RunTable five = test::rows_where(all, [&](std::size_t i) { return chosen(i, 1e9); });
  REQUIRE(five.size() == 5);
  const LawData data = law_data(five);
  const LawFit fit = fit_law("tied", data, squares);
  CHECK(fit.value == near(4.256477e-4, 1e-6));
  check_numbers(
      data, fit,
      {{"alpha", 0.27285070, 1e-6}, {"E", 1.8366484, 1e-6}, {"A", 166.210987, 1e-5}, {"B", 287.168086, 1e-5}});

  RunTable six = test::rows_where(all, [&](std::size_t i) { return chosen(i, 1.6e9); });
  REQUIRE(six.size() == 6);
  const LawData errors = error_data(six);
  const LawFit error = fit_law("error", errors, squares);
  CHECK(error.value == near(3.068847e-4, 1e-6));
  check_numbers(errors, error, {{"eps", 0.8569919, 1e-6}, {"gamma", 0.7145907, 1e-6}});

  const LawData every = error_data(all);
  REQUIRE(every.size() == 104);
  const LawFit one = fit_law("error", every, squares);
  CHECK(one.value == near(3.04157891e-2, 1e-8));
  CHECK(number_of_fit(every, one, "gamma") == near(0.7955693, 1e-6));
  const LawFit sets = fit_law("error_groups", every, squares);
  CHECK(sets.value == near(1.53907939e-2, 1e-8));
  CHECK(number_of_fit(every, sets, "gamma") == near(0.8075550, 1e-6));
}

TEST_CASE("laws: exponents shared by three training sets of Gadre et al.", "[laws]") {
  const RunTable all = test::runs("gadre2024_downstream.csv");
  const RunTable small =
      test::rows_where(all, [&](std::size_t i) { return all.params[i] < 1e9 && all.tokens[i] / all.params[i] < 700; });
  REQUIRE(small.size() == 95);
  const LawData data = law_data(small);
  const LawFit e = fit_law("groups_e", data, squares);
  const LawFit eab = fit_law("groups_eab", data, squares);
  CHECK(eab.value < e.value);
  CHECK(e.value == near(1.20043209, 1e-8));
  check_numbers(data, e, {{"alpha", 0.12543882, 1e-6}, {"beta", 0.23427029, 1e-6}});
  CHECK(eab.value == near(1.17315787, 1e-8));
  check_numbers(data, eab, {{"alpha", 0.12462047, 1e-6}, {"beta", 0.23388195, 1e-6}});
  const std::vector<std::pair<const char*, double>> floors{{"c4", 0.347018}, {"rpj", 0.466270}, {"rw", 0.420407}};
  for (const auto& [set, floor] : floors) // six digits were given
    for (const std::string& group : data.group_names)
      if (group.starts_with(set))
        CHECK(number_of_fit(data, e, "E " + group) == near(floor, 1e-5));
}

TEST_CASE("laws: all multiples of one training set", "[laws]") {
  RunReading reading;
  reading.filters = {{"dataset", "rpj", {}, {}}};
  const RunTable all = test::runs("gadre2024_downstream.csv", reading);
  const RunTable small =
      test::rows_where(all, [&](std::size_t i) { return all.params[i] < 1e9 && all.tokens[i] / all.params[i] < 700; });
  REQUIRE(small.size() == 32);
  const LawData data = law_data(small);
  const LawFit fit = fit_law("two_variables", data, squares);
  CHECK(fit.value == near(0.45054548, 1e-7));
  check_numbers(data, fit, {{"alpha", 0.10536214, 1e-6}, {"beta", 0.24219819, 1e-6}, {"E", 0.0155913, 1e-4}});
}

TEST_CASE("laws: fresh data of Muennighoff et al.", "[laws]") {
  const RunTable all = test::runs("muennighoff2023_datablations.csv");
  const auto fresh = [&](double epochs) {
    return law_data(test::rows_where(all, [&](std::size_t i) { return all.tokens[i] <= epochs * all.unique[i]; }));
  };
  const LawData few = fresh(2.5);
  REQUIRE(few.size() == 62);
  const LawFit tied = fit_law("tied", few, huber);
  CHECK(tied.value == near(1.2189386752e-3, 1e-8));
  check_numbers(few, tied,
                {{"alpha", 0.3596093, 1e-6},
                 {"log A", 6.4539501, 1e-6},
                 {"log B", 8.0242480, 1e-6},
                 {"E", std::exp(0.6400362), 1e-6}});
  const LawData one = fresh(1);
  REQUIRE(one.size() == 41);
  const LawFit free = fit_law("two_variables", one, huber);
  CHECK(free.value == near(9.4964290015e-4, 1e-8));
  check_numbers(one, free,
                {{"alpha", 0.3390063, 1e-6},
                 {"beta", 0.3873031, 1e-6},
                 {"log A", 6.1156437, 1e-6},
                 {"log B", 8.5950932, 1e-6},
                 {"E", std::exp(0.6476614), 1e-6}});
}

TEST_CASE("laws: repeated data of Muennighoff et al.", "[laws]") {
  const RunTable table = test::runs("muennighoff2023_182.csv");
  REQUIRE(table.size() == 182);
  const LawData data = law_data(table);
  const double alpha = 0.3526596;
  const auto at = [&](double r_d, double r_n) {
    return std::vector<double>{
        std::log(r_d), std::log(r_n), alpha, 6.255414 - alpha * data.mean_n, 7.3049974 - alpha * data.mean_d,
        0.6254804};
  };
  CHECK(law_objective("repeated", data, huber.objective, at(15.387756, 5.309743)) == near(1.582593525802e-2, 1e-8));
  LawFitOptions held = huber;
  const std::vector<double> published = at(15, 5);
  for (const int i : {2, 3, 4, 5})
    held.fixed.emplace_back(i, published[static_cast<std::size_t>(i)]);
  const LawFit fit = fit_law("repeated", data, held);
  CHECK(fit.value == near(1.580466247e-2, 1e-8)); // lower than what was published
  CHECK(number_of_fit(data, fit, "R_D") == near(95.36517, 1e-4));
  CHECK(number_of_fit(data, fit, "R_N") == near(1.70591, 1e-4));
  CHECK_FALSE(fit.others.empty()); // R_D is not identified
}

TEST_CASE("laws: a break in translation", "[laws]") {
  RunReading reading;
  reading.filters = {{"model", "6Enc-6Dec", {}, {}}, {"training", "1", {}, {}}};
  RunTable table = test::runs("nmt_alabdulmohsin2022.csv", reading);
  for (double& x : table.tokens)
    x /= 1e6;
  REQUIRE(table.size() == 10);
  const LawData data = law_data(table);
  const LawFit fit = fit_law("broken", data, squares_of_log);
  CHECK(fit.value == near(5.52264694e-4, 1e-6));
  check_numbers(data, fit,
                {{"c0", 0.482901, 1e-4},
                 {"c1", 0.546611, 1e-4},
                 {"d1", 7.372073, 1e-4},
                 {"f1", 0.087312, 1e-4},
                 {"B", 0.418104, 1e-4},
                 {"E", 0.337889, 1e-4}});
  const LawFit pedestal = fit_law("pedestal", data, squares_of_log);
  CHECK(pedestal.value == near(6.15824202e-3, 1e-8));
  check_numbers(data, pedestal, {{"alpha", 0.4704384, 1e-6}, {"E", 0.2971374, 1e-6}, {"A", 0.4604547, 1e-6}});
}

TEST_CASE("laws: translation, what was held out, and five models that share an exponent", "[laws]") {
  const auto table = [](const std::vector<ColumnFilter>& filters) {
    RunReading reading;
    reading.filters = filters;
    RunTable out = test::runs("nmt_alabdulmohsin2022.csv", reading);
    for (double& x : out.tokens)
      x /= 1e6;
    return out;
  };
  const ColumnFilter model{"model", "6Enc-6Dec", {}, {}}, trained{"training", "1", {}, {}};
  const LawData training = law_data(table({model, trained}));
  const RunTable held = table({model, {"training", "0", {}, {}}});
  REQUIRE(held.size() == 1);
  LawData beyond = law_data(held);
  beyond.mean_d = training.mean_d;
  beyond.log_d = {std::log(held.tokens[0]) - training.mean_d};
  for (const auto& [law, error] : {std::pair("broken", 0.000714), std::pair("pedestal", 0.056072)}) {
    const LawFit fit = fit_law(law, training, squares_of_log);
    CHECK(std::abs(std::log(law_values(law, beyond, fit.at)[0] / held.loss[0])) == Approx(error).margin(2e-6));
  }
  const LawData five = law_data(table({trained}));
  REQUIRE(five.size() == 48);
  REQUIRE(five.group_names.size() == 5);
  const LawFit own = fit_law("groups_eab", five, squares), e_alone = fit_law("groups_e", five, squares);
  CHECK(own.value == near(1.16969984e-2, 1e-8));
  CHECK(number_of_fit(five, own, "alpha") == near(0.42546245, 1e-6));
  CHECK(e_alone.value == near(2.97062968e-2, 1e-8));
  CHECK(number_of_fit(five, e_alone, "alpha") == near(0.43376657, 1e-6));
}

TEST_CASE("laws: the broken law without noise", "[laws]") {
  RunTable t;
  t.name = "exact";
  t.compute = {1, 10, 100, 300, 500, 700, 1000, 3000};
  t.loss.assign(8, 1.0);
  const LawData data = law_data(t);
  const std::vector<double> exact{2.691156821, 2.419915409, 2.180981027, 2.077223837,
                                  2.013907701, 1.13517284,  0.510909606, 0.414065978};
  LawData table = data;
  table.response = exact;
  const LawFit fit = fit_law("broken", table, squares_of_log);
  const std::vector<double> values = law_values("broken", data, fit.at);
  for (std::size_t i = 0; i < exact.size(); ++i)
    CHECK(values[i] == near(exact[i], 1e-6));
}

TEST_CASE("laws: routed models of Clark et al.", "[laws]") {
  RunColumns asked;
  asked[RunRole::loss] = "loss_validation";
  asked[RunRole::params] = "dense_parameter_count";
  const auto data_of = [&](const std::string& router) {
    RunReading reading;
    reading.filters = {{"routing_frequency", "0.5", {}, {}}, {"k", "1", {}, {}}, {"seed", "42", {}, {}}};
    const RunTable all = test::runs("clark2022_routed_final_losses.csv", reading, asked);
    std::size_t dense = 0, routed = 0;
    for (std::size_t i = 0; i < all.group_names.size(); ++i) {
      dense = all.group_names[i] == "Dense" ? i : dense;
      routed = all.group_names[i] == router ? i : routed;
    }
    return law_data(test::rows_where(all, [&](std::size_t i) {
      return all.group[i] == static_cast<int>(dense) || all.group[i] == static_cast<int>(routed);
    }));
  };
  const double log10_squares = std::pow(std::log(10.0), 2);
  const LawData s_base = data_of("S-Base");
  REQUIRE(s_base.size() == 58);
  const LawFit fit = fit_law("experts", s_base, squares_of_log);
  CHECK(fit.value / log10_squares / 58 == near(1.0416884624e-5, 1e-8));
  const LawData hash = data_of("Hash");
  REQUIRE(hash.size() == 56);
  const LawFit second = fit_law("experts", hash, squares_of_log);
  CHECK(second.value / log10_squares / 56 == near(8.8902756601e-6, 1e-8));
}

TEST_CASE("laws: seeds at few places are no more of them", "[laws]") {
  RunTable t;
  t.name = "seeds";
  for (int i = 0; i < 40; ++i) { // five sizes, eight seeds each
    t.params.push_back(1e8 * std::exp2(i % 5));
    t.loss.push_back(1.8 + 400 / std::pow(t.params.back(), 0.34) * (1 + 0.01 * ((i * 7) % 11 - 5)));
  }
  const LawData one = law_data(t);
  CHECK(places_of(one) == 5);
  CHECK(scaling_law_of("broken").make()->unsuited(one).find("eight different x") != std::string::npos);
  CHECK(fit_law("pedestal", one, squares_of_log).points == 40);
  for (const double n : t.params)
    t.tokens.push_back(n < 3e8 ? 2e9 : 4e9 * n / 4e8); // four sizes and tokens of the five differ
  CHECK_NOTHROW(fit_law("two_variables", law_data(t), squares_of_log));
  const LawData four = law_data(test::rows_where(t, [&](std::size_t i) { return t.params[i] > 1.5e8; }));
  CHECK_THROWS_WITH(fit_law("two_variables", four, squares_of_log), Catch::Contains("4 different rows (of 32)"));
}

TEST_CASE("laws: derivatives are those of the values", "[laws]") {
  RunColumns asked;
  asked[RunRole::error] = "error_17";
  const RunTable gadre = test::runs("gadre2024_downstream.csv", {}, asked);
  LawData data = law_data(gadre);
  data.log_u = data.log_d;
  for (std::size_t i = 0; i < data.size(); i += 2)
    data.log_u[i] -= 1.5;
  data.log_experts.assign(data.size(), std::log(16.0));
  const LawData errors = error_data(gadre);
  for (const ScalingLawEntry& entry : scaling_laws()) {
    CAPTURE(entry.name);
    const auto law = entry.make();
    LawData used = entry.name.starts_with("error") ? errors : data;
    if (entry.name == "power" || entry.name == "pedestal")
      used.log_d.clear();
    if (entry.name == "broken") // needs eight different x: of these sizes there are five
      used.log_n.clear();
    REQUIRE(law->unsuited(used).empty());
    std::vector<double> at = law->starts(used).front();
    const auto jets = [&](const std::vector<double>& values) {
      std::vector<Jet> out;
      for (std::size_t k = 0; k < values.size(); ++k)
        out.push_back(Jet::variable(values[k], static_cast<int>(k), static_cast<int>(values.size())));
      return out;
    };
    REQUIRE(static_cast<int>(at.size()) == law->variables(used));
    for (const std::size_t row : {std::size_t{0}, std::size_t{17}, std::size_t{50}}) {
      const Jet l = law->log_law(jets(at), used, row);
      for (std::size_t k = 0; k < at.size(); ++k) {
        std::vector<double> up = at, down = at;
        up[k] += 1e-5;
        down[k] -= 1e-5;
        const double slope = (law->log_law(jets(up), used, row).v - law->log_law(jets(down), used, row).v) / 2e-5;
        CHECK(l.d[k] == Approx(slope).epsilon(1e-6).margin(1e-8));
      }
    }
  }
}

TEST_CASE("laws: what is held stays where it is", "[laws]") {
  const LawData data = law_data(test::hoffmann());
  LawFitOptions held = squares_of_log;
  held.fixed.emplace_back(0, 0.3);
  LawFit fit = fit_law("two_variables", data, held);
  CHECK(number_of_fit(data, fit, "alpha") == 0.3);
  CHECK(fit.variables == 4);
  CHECK(fit.value > fit_law("two_variables", data, squares_of_log).value);
  for (const LawEstimate& e : law_estimates(data, fit, held))
    if (e.name == "alpha")
      CHECK(e.error == 0);
    else
      CHECK(e.interval[0] < e.interval[1]);
}
