#include "analysis/losses/loss_answer.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/loss_tables.hpp"
#include "support/loss_designs.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using namespace cascade::analysis;
using test::one_law;
using test::synthetic;

namespace {

const LossFitOptions squares_of_log{Objective::least_squares_log};

LossDescription describe(const LossTable& table, LossModel model, const LossFitOptions& options) {
  return describe_residuals(LossProblem(table, model), fit_losses(table, model, options));
}

/// Forty losses of E + A/x^alpha whose logarithms are off by `errors`.
LossTable with_errors(const std::vector<double>& errors) {
  std::vector<double> x, loss;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    x.push_back(1e3 * std::pow(10, 0.12 * static_cast<double>(i)));
    loss.push_back(one_law.loss(x.back()) * std::exp(errors[i]));
  }
  return test::table_of(x, loss);
}

std::vector<double> normals(std::uint64_t seed, std::size_t count) {
  std::vector<double> z(count);
  core::normal_pairs(core::CounterRng(seed, core::Stream{7}), 1 << 21, 0, z);
  return z;
}

} // namespace

TEST_CASE("loss residuals: tables that the law describes are not called wrong", "[slow]") {
  // level .005 for neighbours alone: 1.5 of 300 tables expected, 8 or more with a chance of .02% (binomial)
  int called = 0;
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const LossTable one = synthetic(one_law, false, 0.02, seed);
    const LossTable two = test::KnownTables(test::Design::grid, true, 0.05)(seed).table;
    for (const LossDescription& d :
         {describe(one, LossModel::pedestal, squares_of_log), describe(two, LossModel::two_variables, squares_of_log),
          describe(one, LossModel::pedestal, {Objective::asymmetric_huber_log, 1e-2, true, 5})}) {
      called += d.described() ? 0 : 1;
      sum += d.correlation_p / 300;
      CHECK(std::isnan(d.lack_p)); // no place twice
    }
  }
  CHECK(called < 8);
  CHECK(sum ==
        Approx(0.5).margin(0.07)); // uniform: standard deviation .29/sqrt(300) = .017, tables shared by objectives
}

TEST_CASE("loss residuals: a random walk is seen, and no interval is believed", "[slow]") {
  int seen = 0, seen_by_huber = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<double> walk = normals(seed, 40);
    for (std::size_t i = 1; i < walk.size(); ++i)
      walk[i] += walk[i - 1];
    for (double& w : walk)
      w *= 0.01;
    const LossTable table = with_errors(walk);
    seen_by_huber += describe(table, LossModel::pedestal, {Objective::huber_log, 1e-3}).described() ? 0 : 1;
    const LossAnswer answer = answer_losses(table, LossModel::pedestal, squares_of_log);
    seen += answer.status == LossStatus::not_described ? 1 : 0;
    if (answer.status == LossStatus::not_described)
      CHECK(answer.description.inflation > 1.5);
  }
  CHECK(seen >= 18);
  CHECK(seen_by_huber >= 18);
}

TEST_CASE("loss residuals: a broken power law is no pedestal", "[slow]") {
  // two power laws end to end, no pedestal: the law with one fits better than the power alone, and is wrong
  std::vector<double> x, loss;
  const std::vector<double> z = normals(3, 40);
  for (int i = 0; i < 40; ++i) {
    x.push_back(1e3 * std::pow(10, 0.12 * i));
    loss.push_back(5 * std::pow(x.back() / 1e5, x.back() < 1e5 ? -0.05 : -0.3) *
                   std::exp(0.005 * z[static_cast<std::size_t>(i)]));
  }
  for (const Objective objective : {Objective::least_squares_log, Objective::huber_log, Objective::absolute_log}) {
    const LossAnswer answer = answer_losses(test::table_of(x, loss), LossModel::pedestal, {objective, 1e-3});
    CHECK(answer.status == LossStatus::not_described);
    CHECK(answer.description.correlation_p < 0.005);
  }
}

TEST_CASE("loss residuals: repeated points measure the noise") {
  // eight places, five points each; a bump that the law cannot follow
  const std::vector<double> z = normals(11, 40);
  const auto table = [&](double bump) {
    std::vector<double> x, loss;
    for (int i = 0; i < 40; ++i) {
      const int place = i / 5;
      x.push_back(std::pow(10, 3 + 0.6 * place));
      loss.push_back(one_law.loss(x.back()) *
                     std::exp(0.01 * z[static_cast<std::size_t>(i)] + bump * (place % 2 == 0 ? 1 : -1)));
    }
    return test::table_of(x, loss);
  };
  const LossDescription good = describe(table(0), LossModel::pedestal, squares_of_log),
                        bad = describe(table(0.02), LossModel::pedestal, squares_of_log);
  CHECK(good.places == 8);
  CHECK(good.described());
  CHECK(good.inflation == 1);
  CHECK(good.lack_p > 0.005);
  CHECK(bad.lack_p < 1e-6);
  CHECK_FALSE(bad.described());
  // S per degree of freedom of the means over that of all: at most n - p over m - p
  CHECK(bad.inflation > 3);
  CHECK(bad.inflation < 37.0 / 5);
}

TEST_CASE("loss residuals: F is what the definition says") {
  // three places of two; the power law through them, by hand: residuals e, S and S_pure from the definition
  const LossTable table = test::table_of({1, 1, 10, 10, 100, 100}, {4.0, 4.2, 3.1, 3.0, 2.2, 2.3});
  const LossFit fit = fit_losses(table, LossModel::power, squares_of_log);
  double all = 0, pure = 0;
  for (int place = 0; place < 3; ++place) {
    const auto i = static_cast<std::size_t>(2 * place);
    const double a = std::log(table.loss[i] / fit.parameters.loss(table.x[i])),
                 b = std::log(table.loss[i + 1] / fit.parameters.loss(table.x[i + 1]));
    all += a * a + b * b;
    pure += (a - b) * (a - b) / 2;
  }
  const LossDescription d = describe_residuals(LossProblem(table, LossModel::power), fit);
  CHECK(d.lack_of_fit == Approx((all - pure) / (3 - 2) / (pure / (6 - 3))).epsilon(1e-9));
}

TEST_CASE("loss residuals: the rounding of a table without noise says nothing against the law") {
  LossTable t = synthetic(test::two_law, true, 0, 1);
  for (double& x : t.x)
    x *= 1 +
         1e-10 * std::sin(std::log(x)); // sizes written with ten digits: their rounding is that of all rows of a size
  const LossDescription d = describe(t, LossModel::two_variables, {Objective::huber_log});
  CHECK(d.described());
  CHECK(d.inflation == 1);
}
