// Approaches 1 and 2, and the best use of compute, against numbers made without this program.

#include "analysis/scaling/frontier.hpp"
#include "analysis/scaling/isoflop.hpp"
#include "tests/analysis/scaling/run_tables.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using namespace cascade::analysis;

namespace {

Approx close(double value, double relative) {
  return Approx(value).epsilon(relative).margin(0);
}

const LossParameters hoffmann_law{406.4, 0.34, 1.69, 410.7, 0.28};
const LossParameters lad_point{482.01, 0.347813, 1.8172, 2085.43, 0.365854}; // absolute deviations, Hoffmann et al.

/// Fifteen sizes about the best of each budget, from 1/factor to factor, moved by `shift` (to the power of the budget's
/// place from -1 to 1 where `drift`).
RunTable grid(const LossParameters& law, double factor, double shift = 1, bool drift = false, int budgets = 9) {
  RunTable t;
  t.name = "grid";
  for (int b = 0; b < budgets; ++b) {
    const double share = b / (budgets - 1.0), compute = 1e17 * std::pow(1e4, share),
                 best = best_use(law, compute).params;
    const double moved = drift ? std::pow(shift, 2 * share - 1) : shift;
    for (int i = 0; i < 15; ++i) {
      const double n = best * moved * std::pow(factor, i / 7.0 - 1);
      t.params.push_back(n);
      t.tokens.push_back(compute / (6 * n));
      t.compute.push_back(compute);
      t.loss.push_back(law.loss(n, compute / (6 * n)));
      t.line.push_back(static_cast<int>(t.line.size()) + 2);
    }
  }
  return t;
}

} // namespace

TEST_CASE("isoflop: budgets of Hoffmann et al.", "[isoflop]") {
  const RunTable table = test::hoffmann();
  IsoOptions options;
  options.budgets = {6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21};
  const IsoFlop found = isoflop(table, options);
  const std::vector<std::size_t> rows{7, 16, 16, 12, 13, 14, 13, 16, 9};
  const std::vector<double> params{1.6722e8,  2.45372e8, 4.9132e8,  7.39427e8, 5.01199e8,
                                   1.69971e9, 2.16181e9, 2.83335e9, 4.04475e9};
  const std::vector<double> loss{3.033589, 2.923740, 2.733045, 2.628206, 2.547707,
                                 2.416708, 2.347553, 2.295791, 2.201330};
  REQUIRE(found.budgets.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(found.budgets[i].rows.size() == rows[i]);
    CHECK(found.budgets[i].params == close(params[i], 1e-5));
    CHECK(found.budgets[i].loss == close(loss[i], 1e-6));
    CHECK(found.budgets[i].refused.empty() == (i != 4)); // its vertex lies outside the sizes
  }
  CHECK(found.used == 8);
  CHECK(found.law.exponent == close(0.516219, 2e-6));
  CHECK(std::exp(found.law.log_coefficient) == close(3.989574e-2, 1e-5));
  CHECK(found.law.params(5.88e23) == close(7.4324e10, 2e-5));
  const IsoFlop own = isoflop(table); // budgets found in the table
  CHECK(is_isoflop(own, table));
  CHECK(own.law.exponent == Approx(found.law.exponent).margin(0.05));
}

TEST_CASE("isoflop: cells of Porian et al.", "[isoflop]") {
  RunReading reading;
  reading.filters = {{"dataset", "rw", {}, {}}, {"hparams", "tuned", {}, {}}};
  const RunTable all = test::runs("porian2024_isoflop.csv", reading);
  CHECK(all.size() > 0);
  const IsoFlop found = isoflop(all);
  REQUIRE(found.budgets.size() == 12);
  CHECK(found.used == 12);
  const std::vector<double> params{1.178280e7, 1.510444e7, 1.940920e7, 2.518518e7, 3.636543e7, 5.316221e7,
                                   7.479021e7, 1.135379e8, 1.628630e8, 2.356596e8, 3.588526e8, 5.744816e8};
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(found.budgets[i].params == close(params[i], 1e-6));
  CHECK(found.law.exponent == close(0.51368546, 1e-7));
  CHECK(std::exp(found.law.log_coefficient) == close(5.230188e-2, 1e-6));
  IsoOptions options;
  options.window = 6;
  CHECK(isoflop(all, options).law.exponent == close(0.51162844, 1e-7));
  options.of_log_loss = true;
  CHECK(isoflop(all, options).law.exponent == close(0.51064215, 1e-7));
  options.window = 0;
  CHECK(isoflop(all, options).law.exponent == close(0.51584067, 1e-7));
}

TEST_CASE("isoflop: what a parabola does to an exact law", "[isoflop]") {
  const auto of = [](const LossParameters& law, double factor, double shift, bool drift, bool outside) {
    IsoOptions options;
    options.take_outside = outside;
    return parabola_bias(grid(law, factor, shift, drift, 5), options, law, 1e24);
  };
  const std::vector<double> factors{2, 4, 16}, first{1.003280, 1.013183, 1.053743},
      second{0.999016, 0.996069, 0.984366};
  for (std::size_t i = 0; i < 3; ++i) {
    const ParabolaBias a = of(hoffmann_law, factors[i], 1, false, false),
                       b = of(lad_point, factors[i], 1, false, false);
    CHECK(std::abs(a.exponent) < 1e-13);
    for (const double f : a.size_factors)
      CHECK(f == Approx(first[i]).margin(1e-6));
    for (const double f : b.size_factors)
      CHECK(f == Approx(second[i]).margin(1e-6));
  }
  const LossParameters equal{400, 0.35, 1.8, 2000, 0.35}, uneven{400, 0.465, 1.8, 2000, 0.155};
  const std::vector<double> third{1.017033, 1.069493, 1.300666};
  for (std::size_t i = 0; i < 3; ++i) {
    for (const double f : of(equal, factors[i], 1, false, false).size_factors)
      CHECK(f == Approx(1).margin(1e-9));
    for (const double f : of(uneven, factors[i], 1, false, false).size_factors)
      CHECK(f == Approx(third[i]).margin(1e-6));
  }
  const ParabolaBias moved = of(lad_point, 2, 3, false, true);
  CHECK(std::abs(moved.exponent) < 1e-12);
  CHECK(moved.size_factor == Approx(1.061641).margin(1e-6));
  CHECK(of(lad_point, 2, 3, false, false).size_factors.empty()); // such vertices lie outside of the sizes: refused
  const std::vector<double> exponent{0.009334, 0.007957, 0.002538}, size{1.118, 1.097, 1.020};
  for (std::size_t i = 0; i < 3; ++i) {
    const ParabolaBias drifting = of(lad_point, factors[i], 3, true, true);
    CHECK(drifting.exponent == Approx(exponent[i]).margin(1e-6));
    CHECK(drifting.size_factor == Approx(size[i]).margin(1e-3));
  }
}

TEST_CASE("isoflop: a budget without a minimum is refused by name", "[isoflop]") {
  RunTable t = grid(hoffmann_law, 4);
  const auto first = [&](const std::function<void(std::size_t)>& change) {
    for (std::size_t i = 0; i < 15; ++i)
      change(i);
  };
  SECTION("vertex outside") {
    t = test::rows_where(t, [&](std::size_t i) { return i >= 15 || i < 6; });
    CHECK(isoflop(t).budgets.front().refused.find("outside") != std::string::npos);
  }
  SECTION("bent down") {
    first([&](std::size_t i) { t.loss[i] = 6 - t.loss[i]; });
    CHECK(isoflop(t).budgets.front().refused.find("bend") != std::string::npos);
  }
  SECTION("three sizes") {
    t = test::rows_where(t, [](std::size_t i) { return i >= 15 || i % 5 == 0; });
    CHECK(isoflop(t).budgets.front().refused.find("four") != std::string::npos);
  }
  CHECK(isoflop(t).used == 8);
}

TEST_CASE("envelope: runs at a constant rate of the Gemstones", "[isoflop]") {
  const RunTable table = test::runs("gemstones_hot.csv");
  REQUIRE(table.size() == 770);
  const Envelope found = envelope(table, 40, 1);
  CHECK(found.rows.size() == 77);
  CHECK(found.sizes == 16);
  CHECK(found.law.exponent == close(0.5339195, 1e-7));
  CHECK(found.ends_small);
  CHECK(found.law.exponent95[0] < found.law.exponent);
  CHECK(found.law.exponent95[1] > found.law.exponent);
  const LawData rows = law_data(table.subset(found.rows));
  const LawFit fit = fit_law("compute", rows, {{Objective::least_squares, 1e-3, 10, false}, {}, {}, true});
  test::check_numbers(rows, fit, {{"alpha", 0.14992662, 1e-6}, {"E", 1.8867307, 1e-6}});
  CHECK(test::number_of_fit(rows, fit, "A") * std::pow(1e20, -0.14992662) == close(1.0227792, 1e-5));
}

TEST_CASE("envelope: rows below all of smaller compute", "[isoflop]") {
  const RunTable table = test::hoffmann();
  const Envelope found = envelope(table, 0, 1);
  CHECK(found.rows.size() == 68);
  CHECK(found.law.exponent == close(0.506995, 2e-6));
  const LawData rows = law_data(table.subset(found.rows));
  const LawFit fit = fit_law("compute", rows, {{Objective::least_squares, 1e-3, 10, false}, {}, {}, true});
  CHECK(fit.value == close(6.892683e-3, 1e-6));
  CHECK(test::number_of_fit(rows, fit, "alpha") == close(0.16940417, 1e-6));
  CHECK(test::number_of_fit(rows, fit, "E") == close(1.7581684, 1e-6));
  const double log_a = test::number_of_fit(rows, fit, "log A"), g = test::number_of_fit(rows, fit, "alpha");
  CHECK(std::exp(log_a - g * std::log(1e20)) == close(0.7908564, 1e-6));
}

TEST_CASE("isoflop: stored minima of Porian et al.", "[isoflop]") {
  const RunTable minima = test::runs("porian2024_minima.csv");
  RunReading reading;
  RunColumns asked;
  asked.name[static_cast<std::size_t>(RunRole::sd)] = "params_log_std";
  for (const char* index : {"0", "4"}) {
    reading.filters = {{"index", index, {}, {}}};
    const RunTable t = test::runs("porian2024_minima.csv", reading, asked);
    const SizeLaw law = size_law(t.compute, t.params);
    CHECK(law.exponent == close(index[0] == '4' ? 0.4970287955 : 0.8337679, 1e-7));
    std::vector<double> weight; // their second way: each minimum weighs 1/sd^2 of its log N
    for (const double sd : t.sd)
      weight.push_back(1 / (sd * sd));
    REQUIRE(weight.size() == t.size());
    CHECK(size_law(t.compute, t.params, weight).exponent == close(index[0] == '4' ? 0.4968950782 : 0.8353000, 1e-7));
  }
  CHECK(minima.size() == 58);
}

TEST_CASE("frontier: the best use of compute", "[isoflop]") {
  const LossParameters law{477.825869, 0.34731050, 1.81721810, 2143.417367, 0.36717243};
  const BestUse use = best_use(law, 5.88e23);
  CHECK(use.params == close(7.39701e10, 1e-5));
  CHECK(use.tokens == close(1.32486e12, 1e-5));
  CHECK(use.loss == close(1.9733365, 1e-7));
  CHECK(use.ratio() == close(17.91074, 1e-5));
  CHECK(frontier_exponent(law) == close(0.1784826969, 1e-7));
  CHECK(overhead(law, 0.25) == close(4.494529, 1e-6));
  CHECK(overhead(law, 0.5) == close(1.259888, 1e-6));
  CHECK(overhead(law, 2) == close(1.147741, 1e-6));
  CHECK(overhead(law, 4) == close(1.587519, 1e-6));
  CHECK(overhead(law, 0.001) == std::numeric_limits<double>::infinity());
  CHECK(compute_for_loss(law, use.loss) == close(5.88e23, 1e-10));
  CHECK(compute_for_loss(law, 1.8) == std::numeric_limits<double>::infinity());
  CHECK(compute_for_params(law, use.params) == close(5.88e23, 1e-10));
  for (const double factor : {0.7, 1.4}) // nothing of the same compute is better
    CHECK(law.loss(factor * use.params, use.tokens / factor) > use.loss);
}
