#include "analysis/losses/loss_outlook.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/loss_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using namespace cascade::analysis;
using test::one_law;
using test::synthetic;

TEST_CASE("loss outlook: a law's own future") {
  const LossTable table = synthetic(one_law, false, 0, 1);
  const LossFit fit = fit_losses(table, LossModel::pedestal, {Objective::least_squares_log, 1e-3, true});
  const Outlook o = outlook(table, fit);
  const double critical = std::pow(one_law.amplitude / one_law.pedestal, 1 / one_law.alpha);
  CHECK(o.critical_x == Approx(critical).epsilon(1e-7));
  CHECK(o.corrected.exponent == Approx(one_law.alpha).epsilon(1e-6)); // without noise L - E is a straight line
  CHECK(o.halve_reducible == Approx(std::exp2(1 / one_law.alpha)).epsilon(1e-7));
  CHECK(std::isinf(o.halve_total)); // past N_crit
  const auto held = predict_held_out(table, fit, 0.2);
  REQUIRE(held);
  CHECK(held->points == 5);
  CHECK(held->rms < 1e-8);
}
