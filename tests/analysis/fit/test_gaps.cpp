// What the levels a field does not have would have added: measured below the scales that fits trust.

#include "analysis/fit/gaps.hpp"
#include "analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using analysis::Gap;

namespace {

constexpr int levels = 24, trusted = 15;

analysis::FitOptions trusted_options() {
  analysis::FitOptions options;
  options.lowest_x = std::exp2(-trusted);
  options.highest_x = 0.125;
  return options;
}

/// A x^a - B x^2 of all levels, less the part kappa of those beyond the last.
analysis::BlockTable cut_off(double a, double kappa, int finest, std::uint64_t seed) {
  const auto law = [=](double x) {
    return 3 * std::pow(x, a) * (1 - kappa * std::pow(std::exp2(levels) * x, -a)) - 2 * x * x;
  };
  return test::synthetic_table(law, 1, finest, {32, 0.2, 0.01, 0.005}, seed);
}

} // namespace

TEST_CASE("The missing part of the variance is read off the scales below those of the fit", "[gaps]") {
  for (const double kappa : {0.2, 0.5, 0.9})
    for (const double a : {0.6, 0.9}) {
      const Gap gap = analysis::measured_gap(cut_off(a, kappa, 21, 5), 2, trusted_options(), {levels, a, 0.8, 0.5});
      CAPTURE(kappa, a, gap.part, gap.error);
      CHECK(std::abs(gap.part - kappa) < 3 * gap.error);
      CHECK(gap.error < 0.1);
    }
}

TEST_CASE("With the part as measured the exponent is that of all levels", "[gaps][slow]") {
  const double a = 0.7;
  const analysis::PowerLawModel model{"A x^a + B x^2", {{analysis::Correction::Kind::fixed_power, 2, {}}}};
  const Gap told{levels, a, 0.8, 0.2};
  double with = 0, without = 0;
  constexpr int tables = 20;
  for (int seed = 0; seed < tables; ++seed) {
    const auto table = cut_off(a, 0.25, 21, static_cast<std::uint64_t>(seed));
    const Gap gap = analysis::measured_gap(table, 2, trusted_options(), told);
    with += (analysis::fit_completed(table, 2, {model}, trusted_options(), gap).exponent - a) / tables;
    without += (analysis::fit_completed(table, 2, {model}, trusted_options(), told).exponent - a) / tables;
  }
  CAPTURE(with, without);
  CHECK(std::abs(with) < 0.5 * std::abs(without)); // a part taken for granted leaves a bias of its own
}

TEST_CASE("A missing part that was not measured stays as it was told", "[gaps]") {
  const Gap told{levels, 0.7, 0.8, 0.2};
  const Gap short_table = analysis::measured_gap(cut_off(0.7, 0.25, trusted + 1, 1), 2, trusted_options(), told);
  CHECK(short_table.part == told.part);
  CHECK(short_table.error == told.error);
  // a table that rises below the trusted scales misses nothing: no part at all
  const Gap rising = analysis::measured_gap(cut_off(0.7, -3, 21, 1), 2, trusted_options(), told);
  CHECK(rising.part == told.part);
}
