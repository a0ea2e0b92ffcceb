#include "analysis/losses/law_tests.hpp"
#include "analysis/losses/loss_likelihood.hpp"
#include "analysis/losses/loss_minimum.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/loss_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace cascade;
using namespace cascade::analysis;
using test::gadre;
using test::one_law;
using test::synthetic;
using test::two_law;

namespace {

/// log of the integral of exp(-w rho(r)/s^2) by the trapezoidal rule, densest at zero.
double log_norm_by_quadrature(const Penalty& penalty, double weight, double scale) {
  const auto integrand = [&](double r) { return std::exp(-weight * penalty.value(r) / (scale * scale)); };
  double sum = 0, before = 0;
  const int steps = 60000;
  for (int i = 1; i <= steps; ++i) {
    const double r = 1e-6 * std::expm1(18.0 * i / steps); // to 65
    sum += (r - before) / 2 * (integrand(r) + integrand(before) + integrand(-r) + integrand(-before));
    before = r;
  }
  return std::log(sum);
}

} // namespace

TEST_CASE("loss likelihood: densities integrate to one, and their scale is the most likely one", "[slow]") {
  LossTable table = synthetic(one_law, false, 0.05, 3);
  for (std::size_t i = 0; i < table.size(); ++i)
    table.weight.push_back(i % 2 == 0 ? 1 : 0.25);
  const LossProblem problem(table, LossModel::pedestal);
  for (const Objective objective : {Objective::least_squares, Objective::least_squares_log, Objective::huber_log,
                                    Objective::asymmetric_huber_log}) {
    const LossFit fit = fit_losses(table, LossModel::pedestal, {objective, 0.03, true, 4});
    const Penalty penalty = penalty_of(fit.options);
    const auto residual = problem.residuals(fit.at, penalty.log);
    const auto at_scale = [&](double scale) {
      const double one = log_norm_by_quadrature(penalty, 1, scale),
                   quarter = log_norm_by_quadrature(penalty, 0.25, scale);
      double sum = 0;
      for (std::size_t i = 0; i < residual.size(); ++i)
        sum -= problem.weight(i) * penalty.value(residual[i]) / (scale * scale) + (i % 2 == 0 ? one : quarter) +
               (penalty.log ? std::log(table.loss[i]) : 0);
      return sum;
    };
    double best = -1e300, best_scale = 0;
    for (double scale = 0.015; scale < 0.12; scale *= 1.02)
      if (const double here = at_scale(scale); here > best) {
        best = here;
        best_scale = scale;
      }
    CHECK((best_scale > 0.016 && best_scale < 0.115)); // within the scales tried
    // the grid of scales misses the best one by 1%: 24 (.01)^2 in the logarithm
    CHECK(log_likelihood(problem, fit) == Approx(best).margin(5e-3));
    CHECK(log_likelihood(problem, fit) > best - 1e-6);
  }
}

TEST_CASE("loss likelihood: closed forms") {
  const LossTable table = synthetic(one_law, false, 0.05, 3);
  const LossProblem problem(table, LossModel::pedestal);
  const double n = 24;
  const LossFit squares = fit_losses(table, LossModel::pedestal, {Objective::least_squares});
  CHECK(log_likelihood(problem, squares) ==
        Approx(-n / 2 * (std::log(2 * std::numbers::pi * squares.value / n) + 1)).epsilon(1e-9));
  double jacobian = 0;
  for (const double loss : table.loss)
    jacobian -= std::log(loss);
  const LossFit absolute = fit_losses(table, LossModel::pedestal, {Objective::absolute_log});
  CHECK(log_likelihood(problem, absolute) ==
        Approx(jacobian - n * (std::log(2 * absolute.value / n) + 1)).epsilon(1e-6));
  // Huber's function lies between the two, and its likelihood follows it to both limits
  const LossFit wide = fit_losses(table, LossModel::pedestal, {Objective::huber_log, 10}),
                narrow = fit_losses(table, LossModel::pedestal, {Objective::huber_log, 1e-7}),
                log_squares = fit_losses(table, LossModel::pedestal, {Objective::least_squares_log});
  CHECK(log_likelihood(problem, wide) == Approx(log_likelihood(problem, log_squares)).epsilon(1e-9));
  CHECK(log_likelihood(problem, narrow) == Approx(log_likelihood(problem, absolute)).epsilon(1e-4));
}

TEST_CASE("law tests: is the pedestal needed?") {
  const LossParameters bare{30, 0.33, 0, 0, 0};
  const LossFitOptions options{Objective::least_squares_log, 1e-3, true};
  const LossTable with = synthetic(one_law, false, 0.02, 5), without = synthetic(bare, false, 0.02, 5);
  const LawTest yes = test_pedestal(with, fit_losses(with, LossModel::pedestal, options));
  CHECK(yes.p_value < 1e-6);
  CHECK(yes.delta_bic < 0);
  // six points: F = 3 (RSS without E/RSS with it - 1) with 1 and 3 degrees of freedom, not the 5e-10 of chi-squared
  const LossFit few = fit_losses(gadre(), LossModel::pedestal, {});
  const LawTest six = test_pedestal(gadre(), few);
  const double t = std::sqrt((six.without.value / few.value - 1));               // Student's t over the root of 3
  const double tail = 0.5 - (t / (1 + t * t) + std::atan(t)) / std::numbers::pi; // beyond t, 3 degrees of freedom
  CHECK(six.p_value == Approx(tail).epsilon(1e-5));                              // 0.5 - 0.49998 loses five digits
  const LossFit free = fit_losses(without, LossModel::pedestal, options);
  CHECK(test_pedestal(without, free).p_value > 0.01);
}

TEST_CASE("law tests: objectives agree about the same data") {
  // twice the log likelihood ratio of E, 24 points, a scatter of 2%: the robust ones lose at most the factor pi/2
  const LossTable table = synthetic(one_law, false, 0.02, 5);
  const auto ratio = [&](const LossFitOptions& options) {
    return test_pedestal(table, fit_losses(table, LossModel::pedestal, options)).likelihood_ratio;
  };
  const double squares = ratio({Objective::least_squares_log});
  for (const double delta : {1e-4, 1e-3, 1e-2, 1e-1}) {
    CHECK(ratio({Objective::huber_log, delta}) > squares / 2.5);
    CHECK(ratio({Objective::huber_log, delta}) < squares * 1.5);
  }
  CHECK(ratio({Objective::huber_log, 10}) == Approx(squares).epsilon(1e-6));
}

TEST_CASE("law tests: two exponents or one", "[slow]") {
  const LossFitOptions options{Objective::least_squares_log, 1e-3, true};
  const LossParameters tied{400, 0.35, 1.8, 2000, 0.35}, apart{400, 0.30, 1.8, 2000, 0.45};
  int rejected = 0; // of 40 tables of one exponent, at 5%: 2 expected, 7 or more with a chance of .3% (binomial)
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const LossTable table = synthetic(tied, true, 0.02, seed);
    rejected += test_tied(table, fit_losses(table, LossModel::two_variables, options)).p_value < 0.05 ? 1 : 0;
  }
  CHECK(rejected < 7);
  const LossTable table = synthetic(apart, true, 0.01, 3);
  const LawTest test = test_tied(table, fit_losses(table, LossModel::two_variables, options));
  CHECK(test.p_value < 1e-3);
  CHECK(test.delta_aicc < 0);
  CHECK(test.without.parameters.alpha == test.without.parameters.beta);
}
