#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_outlook.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/loss_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace cascade;
using namespace cascade::analysis;
using test::chinchilla;
using test::gadre;
using test::one_law;
using test::synthetic;
using test::two_law;

namespace {

LossFit fit_chinchilla(Objective objective, LossModel model = LossModel::two_variables) {
  return fit_losses(chinchilla(), model, {objective, 1e-3, true, 10});
}

} // namespace

TEST_CASE("loss fit: Huber's objective at Hoffmann's parameters") {
  const LossParameters hoffmann{std::exp(6.0073404), 0.33917084, std::exp(0.5267228), std::exp(6.0179186), 0.2849083};
  const double value =
      objective_at(chinchilla(), LossModel::two_variables, {Objective::huber_log, 1e-3, true}, hoffmann);
  CHECK(value == Approx(1.23116260257935e-3).epsilon(1e-12).margin(0)); // the digits it is known to
}

TEST_CASE("loss fit: the three published rows") {
  // tolerances: the digits that are known of each row
  const LossFit huber = fit_chinchilla(Objective::huber_log);
  CHECK(huber.value <= 1.0182742e-3);
  CHECK(huber.parameters.alpha == Approx(0.347310).margin(5e-5));
  CHECK(huber.parameters.beta == Approx(0.367172).margin(5e-5));
  CHECK(huber.parameters.amplitude == Approx(477.826).margin(0.1));
  CHECK(huber.parameters.second_amplitude == Approx(2143.417).margin(3));
  CHECK(huber.cross_check < 1e-8);
  CHECK(huber.agreeing == huber.polished);

  const LossFit absolute = fit_chinchilla(Objective::absolute_log);
  CHECK(absolute.value == Approx(1.1294947).margin(5e-8));
  CHECK(absolute.parameters.alpha == Approx(0.347813).margin(1e-6));
  CHECK(absolute.parameters.beta == Approx(0.365854).margin(1e-6));

  const LossFit squares = fit_chinchilla(Objective::least_squares);
  CHECK(squares.value == Approx(0.0832038077).margin(5e-11));
  // the other digits of the three rows: half a unit of the last one that is printed
  CHECK(huber.parameters.pedestal == Approx(1.817218).margin(5e-7));
  CHECK(absolute.parameters.amplitude == Approx(482.00572).margin(5e-4)); // A and B follow log E and the exponents,
  CHECK(absolute.parameters.second_amplitude == Approx(2085.43420).margin(5e-3)); // known to 1e-6 here
  CHECK(absolute.parameters.pedestal == Approx(1.816864).margin(5e-7));
  CHECK(squares.parameters.amplitude == Approx(567.805).margin(5e-3));
  CHECK(squares.parameters.second_amplitude == Approx(7581.85).margin(0.1));
  CHECK(squares.parameters.pedestal == Approx(1.882814).margin(5e-7));
  CHECK(squares.parameters.alpha == Approx(0.357615).margin(1e-5));
  CHECK(squares.parameters.beta == Approx(0.427621).margin(1e-5));
}

TEST_CASE("loss fit: Gadre et al., one variable") {
  const LossFit fit = fit_losses(gadre(), LossModel::pedestal, {});
  CHECK(fit.parameters.pedestal == Approx(1.8377).margin(1e-4));
  CHECK(fit.parameters.amplitude == Approx(254.07).margin(0.01));
  CHECK(fit.parameters.alpha == Approx(0.26607).margin(1e-5));
}

TEST_CASE("loss fit: published objectives beside the plain ones") {
  // one exponent for both resources; ten times the weight where the law lies above the loss
  const LossFit tied = fit_chinchilla(Objective::huber_log, LossModel::tied);
  CHECK(tied.value == Approx(1.022174893939e-3).epsilon(1e-8).margin(0));
  CHECK(tied.parameters.alpha == Approx(0.35705790).epsilon(1e-6));
  CHECK(tied.parameters.beta == tied.parameters.alpha);
  CHECK(tied.parameters.amplitude == Approx(561.557391).epsilon(1e-5));
  CHECK(tied.parameters.second_amplitude == Approx(1752.087007).epsilon(1e-5));
  CHECK(tied.parameters.pedestal == Approx(1.81804799).epsilon(1e-6));
  const LossFit squares = fit_chinchilla(Objective::least_squares_log, LossModel::tied);
  CHECK(squares.value == Approx(2 * 5.984670655213e-3).epsilon(1e-8).margin(0));
  CHECK(squares.parameters.alpha == Approx(0.38535451).epsilon(1e-6));
  CHECK(fit_chinchilla(Objective::least_squares, LossModel::tied).value ==
        Approx(9.129012198e-2).epsilon(1e-8).margin(0));
  const LossFit lower = fit_chinchilla(Objective::asymmetric_huber_log);
  CHECK(lower.value == Approx(2.1467962793e-3).epsilon(1e-8).margin(0));
  CHECK(lower.parameters.alpha == Approx(0.291292).epsilon(2e-6));
  CHECK(lower.parameters.beta == Approx(0.364481).epsilon(2e-6));
  CHECK(lower.parameters.amplitude == Approx(191.7283).epsilon(1e-5));
  CHECK(lower.parameters.second_amplitude == Approx(1964.441).epsilon(1e-6));
  CHECK(lower.parameters.pedestal == Approx(1.712389).epsilon(1e-6));
  int above = 0; // residuals: 11.7% of the losses lie below the law
  const LossTable table = chinchilla();
  for (std::size_t i = 0; i < table.size(); ++i)
    above += table.loss[i] < lower.parameters.loss(table.x[i], table.z[i]) ? 1 : 0;
  CHECK(above == 28);
}

TEST_CASE("loss fit: losses read off colours are coarser than delta") {
  // 99 different losses in 245 rows, and a sixth of the residuals in the quadratic part of Huber's function
  LossColumns columns{"loss", "Model Size", "Training FLOP", true, {}, 0};
  const LossTable all =
      read_loss_table("all", test::source_file("inputs/data/chinchilla_epoch_svg_extracted.csv"), columns);
  CHECK(all.size() == 245);
  CHECK(std::set<double>(all.loss.begin(), all.loss.end()).size() == 99);
  const LossTable table = chinchilla();
  const LossFit fit = fit_chinchilla(Objective::huber_log);
  int inside = 0;
  for (std::size_t i = 0; i < table.size(); ++i)
    inside += std::abs(std::log(table.loss[i] / fit.parameters.loss(table.x[i], table.z[i]))) <= 1e-3 ? 1 : 0;
  CHECK(inside / 240.0 == Approx(0.16).margin(0.005));
}

TEST_CASE("loss fit: a weight of two is the row twice") {
  for (const Objective objective : {Objective::least_squares, Objective::huber_log}) {
    LossTable twice = synthetic(one_law, false, 0.02, 4), weighted = twice;
    for (std::size_t i = 0; i < 24; ++i)
      weighted.weight.push_back(i % 3 == 0 ? 2 : 1);
    for (std::size_t i = 0; i < 24; i += 3) {
      twice.x.push_back(twice.x[i]);
      twice.loss.push_back(twice.loss[i]);
    }
    const LossFit a = fit_losses(twice, LossModel::pedestal, {objective, 1e-2}),
                  b = fit_losses(weighted, LossModel::pedestal, {objective, 1e-2});
    CHECK(a.value == Approx(b.value).epsilon(1e-10));
    CHECK(a.parameters.alpha == Approx(b.parameters.alpha).epsilon(1e-7));
    CHECK(a.parameters.pedestal == Approx(b.parameters.pedestal).epsilon(1e-7));
  }
}

TEST_CASE("loss fit: the best pedestal is none, exactly") {
  // S-Base of Clark et al. against the number of experts: E = 0 is the optimum, and the law the pure power
  const LossTable table =
      test::table_of({2, 4, 8, 16, 32, 64, 128, 256, 512},
                     {3.134685, 3.098873, 3.041726, 2.975403, 2.896204, 2.825369, 2.753949, 2.692028, 2.641295});
  for (const Objective objective : {Objective::least_squares_log, Objective::least_squares, Objective::huber_log}) {
    const LossFit with = fit_losses(table, LossModel::pedestal, {objective, 1e-3}),
                  power = fit_losses(table, LossModel::power, {objective, 1e-3});
    CHECK(with.parameters.pedestal == 0);
    CHECK(with.parameters.alpha == Approx(power.parameters.alpha).epsilon(1e-9));
    CHECK(with.parameters.alpha == Approx(0.033).margin(1e-3));
    CHECK(with.value == Approx(power.value).epsilon(1e-12));
    CHECK(with.converged);
    CHECK(with.cross_check < 1e-8);
  }
}

TEST_CASE("loss fit: laws without noise are recovered, whatever the objective and the method", "[slow]") {
  // 1e-9: asked for; the flattest direction magnifies roundoff of the residuals by about 1e5
  for (const Objective objective : {Objective::least_squares, Objective::least_squares_log, Objective::huber_log,
                                    Objective::absolute_log, Objective::student_t_log})
    for (const bool projection : {true, false}) {
      const LossParameters one =
          fit_losses(synthetic(one_law, false, 0, 1), LossModel::pedestal, {objective, 1e-3, projection}).parameters;
      CHECK(one.alpha == Approx(one_law.alpha).epsilon(1e-9));
      CHECK(one.amplitude == Approx(one_law.amplitude).epsilon(1e-9));
      CHECK(one.pedestal == Approx(one_law.pedestal).epsilon(1e-9));
      const LossParameters two =
          fit_losses(synthetic(two_law, true, 0, 1), LossModel::two_variables, {objective, 1e-3, projection})
              .parameters;
      CHECK(two.alpha == Approx(two_law.alpha).epsilon(1e-9));
      CHECK(two.beta == Approx(two_law.beta).epsilon(1e-9));
      CHECK(two.pedestal == Approx(two_law.pedestal).epsilon(1e-9));
      CHECK(two.amplitude == Approx(two_law.amplitude).epsilon(1e-9));
      CHECK(two.second_amplitude == Approx(two_law.second_amplitude).epsilon(1e-9));
    }
}

TEST_CASE("loss fit: derivatives are those of the value") {
  LossTable table = synthetic(two_law, true, 0.02, 3);
  for (std::size_t i = 0; i < table.size(); ++i)
    table.weight.push_back(1 + 0.5 * std::sin(static_cast<double>(i)));
  for (const LossModel model : {LossModel::two_variables, LossModel::tied})
    for (const Penalty& penalty :
         {Penalty{true, 0.05, 1}, Penalty{false, 0.05, 1}, Penalty{true, 0.05, 10}, Penalty{true, 1e301, 1, true}}) {
      const LossProblem problem(table, model);
      const SmallVector at = problem.variables_of({350, 0.33, 1.7, 2500, model == LossModel::tied ? 0.33 : 0.38});
      const LocalModel here = problem.evaluate(at, penalty);
      for (int k = 0; k < problem.variables(); ++k) {
        const double step = 1e-5; // centred differences: error of order step^2 of the third derivative
        SmallVector up = at, down = at;
        up[k] += step;
        down[k] -= step;
        const LocalModel above = problem.evaluate(up, penalty), below = problem.evaluate(down, penalty);
        const double scale = here.majorant.norm();
        CHECK((above.value - below.value) / (2 * step) == Approx(here.gradient[k]).margin(1e-6 * scale));
        CHECK(((above.gradient - below.gradient) / (2 * step) - here.hessian.col(k)).norm() < 1e-5 * scale);
      }
    }
}

TEST_CASE("loss fit: what cannot be fitted is refused") {
  LossTable t = synthetic(one_law, false, 0.01, 1);
  t.x.assign(t.x.size(), 7);
  CHECK_THROWS_WITH(fit_losses(t, LossModel::power, {}), Catch::Contains("all are equal"));
  t = synthetic(one_law, false, 0.01, 1);
  t.loss.assign(t.x.size(), 2);
  CHECK_THROWS_WITH(fit_losses(t, LossModel::power, {}), Catch::Contains("all losses are equal"));
  t.x.resize(4);
  t.loss.resize(4);
  CHECK_THROWS_WITH(fit_losses(t, LossModel::pedestal, {}), Catch::Contains("4 points"));
}

TEST_CASE("loss fit: a search that has not moved is not believed") {
  const LossTable table = synthetic(one_law, false, 0.02, 1);
  const LossFit fit = fit_losses(table, LossModel::pedestal, {});
  CHECK(fit.moved);
  CHECK(fit.converged);
  CHECK_NOTHROW(require_moved("t.csv", fit.at, fit.at, 1e-12)); // it began at the optimum
  SmallVector elsewhere = fit.at;
  elsewhere[1] += 0.1;
  CHECK_NOTHROW(require_moved("t.csv", elsewhere, fit.at, 0.3));
  CHECK_THROWS_WITH(require_moved("t.csv", fit.at, fit.at, 0.3),
                    Catch::Contains("t.csv") && Catch::Contains("not moved"));
}

TEST_CASE("loss fit: odd tables") {
  const LossFitOptions options{Objective::least_squares_log, 1e-3, true};
  LossTable t = synthetic(one_law, false, 0, 1);
  for (double& x : t.x)
    x *= 1e25; // training compute; the law keeps its exponent and its pedestal
  LossFit fit = fit_losses(t, LossModel::pedestal, options);
  CHECK(fit.parameters.alpha == Approx(one_law.alpha).epsilon(1e-9));
  CHECK(fit.parameters.pedestal == Approx(one_law.pedestal).epsilon(1e-9));
  for (double& x : t.x)
    x *= 1e-40;
  CHECK(fit_losses(t, LossModel::pedestal, options).parameters.alpha == Approx(one_law.alpha).epsilon(1e-9));

  LossTable twice = synthetic(one_law, false, 0.02, 4); // every x twice: the same optimum, half the squared error
  const LossFit once = fit_losses(twice, LossModel::pedestal, options);
  for (auto* column : {&twice.x, &twice.loss})
    column->insert(column->end(), column->begin(), column->begin() + 24);
  fit = fit_losses(twice, LossModel::pedestal, options);
  CHECK(fit.parameters.alpha == Approx(once.parameters.alpha).epsilon(1e-8));
  const LossProblem doubled(twice, LossModel::pedestal),
      single(synthetic(one_law, false, 0.02, 4), LossModel::pedestal);
  CHECK(linear_errors(doubled, fit, doubled.quantities()[0]).equal /
            linear_errors(single, once, single.quantities()[0]).equal ==
        Approx(std::sqrt(21.0 / 45)).epsilon(1e-6));

  LossTable rising = synthetic({2, -0.1, 0, 0, 0}, false, 0.001, 2); // losses that grow
  const LossFit up = fit_losses(rising, LossModel::power, options);
  CHECK(up.parameters.alpha == Approx(-0.1).margin(0.002));
  CHECK(std::isinf(outlook(rising, up).halve_reducible));
}

TEST_CASE("loss search: many rows without noise are the law, not a failure", "[loss_search]") {
  LossTable table;
  table.name = "exact";
  const LossParameters law{30, 0.33, 1.7, 2000, 0.37};
  for (int i = 0; i < 80; ++i)
    for (int j = 0; j < 70; ++j) {
      table.x.push_back(1e3 * std::pow(10, 0.05 * i));
      table.z.push_back(1e4 * std::pow(10, 0.06 * j));
      table.loss.push_back(law.loss(table.x.back(), table.z.back()));
      table.line.push_back(static_cast<int>(table.x.size()) + 1);
    }
  REQUIRE(table.size() > 2 * enough_for_starts);
  for (const Objective objective : {Objective::least_squares_log, Objective::huber_log, Objective::least_squares}) {
    const LossFit fit = fit_losses(table, LossModel::two_variables, {objective});
    CHECK(fit.parameters.alpha == Approx(law.alpha).epsilon(1e-8));
    CHECK(fit.parameters.beta == Approx(law.beta).epsilon(1e-8));
    CHECK(fit.parameters.pedestal == Approx(law.pedestal).epsilon(1e-8));
  }
}
