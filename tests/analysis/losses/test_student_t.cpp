// Student's t with four degrees of freedom as the objective of a loss table.

#include "analysis/losses/loss_answer.hpp"
#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_likelihood.hpp"
#include "analysis/losses/loss_minimum.hpp"
#include "analysis/losses/loss_profile.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/loss_tables.hpp"
#include "analysis/scaling/laws/law_fit.hpp"

#include <catch2/catch.hpp>
#include <gsl/gsl_randist.h>

#include <cmath>

using namespace cascade;
using namespace cascade::analysis;
using test::chinchilla;
using test::one_law;
using test::synthetic;
using test::table_of;
using test::two_law;

namespace {

const LossFitOptions student{Objective::student_t_log};

/// Each point of a law twice, its logarithm up and down by `size`, `far` times as much at every fourth.
LossTable paired(const LossParameters& law, double size, double far) {
  std::vector<double> x, loss;
  for (int i = 0; i < 12; ++i)
    for (const double side : {-1.0, 1.0}) {
      x.push_back(1e3 * std::pow(10, 0.4 * i));
      loss.push_back(law.loss(x.back()) * std::exp(side * size * (i % 4 == 1 ? far : 1)));
    }
  return table_of(x, loss);
}

} // namespace

TEST_CASE("student t: residuals in pairs have their law and scale in closed form") {
  // all of one size e: sum of 1 - 5 z/(1 + z), z = e^2/(4 s^2), is zero at z = 1/4, s = e
  const LossTable equal = paired(one_law, 0.01, 1);
  const LossFit fit = fit_losses(equal, LossModel::pedestal, student);
  CHECK(fit.converged);
  CHECK(fit.parameters.alpha == Approx(one_law.alpha).epsilon(1e-8));
  CHECK(fit.parameters.pedestal == Approx(one_law.pedestal).epsilon(1e-8));
  const LossProblem problem(equal, LossModel::pedestal);
  CHECK(problem.with_scale(fit.at, penalty_of(student)).scale == Approx(0.01).epsilon(1e-8));
  CHECK(fit.value == Approx(24 * (2.5 * std::log(1.25) + std::log(0.01))).epsilon(1e-9));
  // a quarter of them twenty times as large: 3 (1 - 4 z)/(1 + z) + (1 - 1600 z)/(1 + 400 z) = 0
  const LossTable wild = paired(one_law, 0.01, 20);
  const double a = -3 * 1600 - 1600 * 1.0, b = 3 * (400 - 4) + 1 - 1600, c = 4, // a z^2 + b z + c = 0
      z = (-b - std::sqrt(b * b - 4 * a * c)) / (2 * a);
  const LossFit far = fit_losses(wild, LossModel::pedestal, student);
  CHECK(far.parameters.alpha == Approx(one_law.alpha).epsilon(1e-8));
  CHECK(LossProblem(wild, LossModel::pedestal).with_scale(far.at, penalty_of(student)).scale ==
        Approx(0.01 / std::sqrt(4 * z)).epsilon(1e-8));
}

TEST_CASE("student t: the search in all variables, the scale one of them, ends at the same optimum") {
  const LossTable table = chinchilla();
  const LossFit fit = fit_losses(table, LossModel::two_variables, student);
  LawData data;
  data.name = "chinchilla";
  for (std::size_t i = 0; i < table.size(); ++i) {
    data.log_n.push_back(std::log(table.x[i]));
    data.log_d.push_back(std::log(table.z[i]));
  }
  for (auto* logs : {&data.log_n, &data.log_d}) {
    double mean = 0;
    for (const double l : *logs)
      mean += l / static_cast<double>(logs->size());
    (logs == &data.log_n ? data.mean_n : data.mean_d) = mean;
    for (double& l : *logs)
      l -= mean;
  }
  data.response = table.loss;
  const LawFitOptions options{{Objective::least_squares_log, 1e-3, 10, true}, {}, {}, true};
  LawFit law = fit_law("two_variables", data, options);
  CHECK(fit.converged);
  CHECK(fit.value == Approx(law.value).epsilon(1e-9));
  CHECK(fit.parameters.alpha == Approx(law.at[0]).epsilon(1e-6));
  CHECK(fit.parameters.beta == Approx(law.at[1]).epsilon(1e-6));
  CHECK(log_likelihood(LossProblem(table, LossModel::two_variables), fit) == Approx(law.log_likelihood).epsilon(1e-9));
  // the profiles of both, for residuals of equal size or of any, whichever are larger
  LossFit again = fit;
  std::vector<LossInterval> profiles = profile_intervals(table, again, {});
  for (const LawEstimate& e : law_estimates(data, law, options))
    for (const LossInterval& p : profiles)
      if (p.name == e.name && (e.name == "alpha" || e.name == "beta")) {
        CHECK(e.interval[0] == Approx(std::min(p.equal[0], p.any[0])).epsilon(1e-3));
        CHECK(e.interval[1] == Approx(std::max(p.equal[1], p.any[1])).epsilon(1e-3));
      }
}

TEST_CASE("student t: the limit of the profile is that of F for a fitted scale, and is reached where it is wide") {
  const double t = 2.3646, n = 10, p = 3; // the limit of F(1, 7) for normal errors: n/2 log(1 + t^2/(n - p))
  CHECK(rise_limit(t * t / 2 * n / (n - p), true, 10) == Approx(n / 2 * std::log(1 + t * t / (n - p))));
  CHECK(rise_limit(2, true, 1000000) == Approx(2).epsilon(1e-5));
  CHECK(rise_limit(2, false, 10) == 2);
  // translation, ten sizes: no pedestal describes them, intervals are 2.6 times as wide, and had no ends
  LossColumns columns{"loss", "seen_examples", "", false, {}, 0};
  columns.filters = {{"model", "6Enc-6Dec", {}, {}}, {"training", "1", {}, {}}};
  const LossTable table =
      read_loss_table("translation", test::source_file("inputs/data/nmt_alabdulmohsin2022.csv"), columns);
  const LossAnswer answer = answer_losses(table, LossModel::pedestal, student);
  REQUIRE(answer.description.inflation > 4);
  const Interval alpha = answer.of("alpha").quoted;
  CHECK((std::isfinite(alpha[0]) && std::isfinite(alpha[1])));
  const LossAnswer squares = answer_losses(table, LossModel::pedestal, {Objective::least_squares_log});
  CHECK(alpha[0] == Approx(squares.of("alpha").quoted[0]).margin(0.15));
  CHECK(alpha[1] == Approx(squares.of("alpha").quoted[1]).margin(0.15));
}

TEST_CASE("student t: weights divide the scale, and the likelihood is that of the density") {
  LossTable table = synthetic(one_law, false, 0.02, 4);
  for (std::size_t i = 0; i < table.size(); ++i)
    table.weight.push_back(i % 2 == 0 ? 1 : 0.25);
  const LossProblem problem(table, LossModel::pedestal);
  const LossFit fit = fit_losses(table, LossModel::pedestal, student);
  const double scale = problem.with_scale(fit.at, penalty_of(student)).scale;
  const auto residual = problem.residuals(fit.at, true);
  double sum = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double s = scale / std::sqrt(table.weight[i]);
    sum += std::log(gsl_ran_tdist_pdf(residual[i] / s, 4) / s) - std::log(table.loss[i]);
  }
  CHECK(log_likelihood(problem, fit) == Approx(sum).epsilon(1e-10));
}

TEST_CASE("student t: a few wild losses move it little") {
  LossTable table = synthetic(two_law, true, 0.01, 6);
  const double alpha = fit_losses(table, LossModel::two_variables, student).parameters.alpha,
               by_squares =
                   fit_losses(table, LossModel::two_variables, {Objective::least_squares_log}).parameters.alpha;
  for (const std::size_t i : {std::size_t{3}, std::size_t{70}, std::size_t{131}})
    table.loss[i] *= 1.5;
  const double moved = std::abs(fit_losses(table, LossModel::two_variables, student).parameters.alpha - alpha);
  const double squares_moved = std::abs(
      fit_losses(table, LossModel::two_variables, {Objective::least_squares_log}).parameters.alpha - by_squares);
  CHECK(squares_moved > 0.01);
  CHECK(moved < 0.2 * squares_moved);
  const LossAnswer answer = answer_losses(table, LossModel::two_variables, student);
  CHECK((answer.of("alpha").quoted[0] < two_law.alpha && answer.of("alpha").quoted[1] > two_law.alpha));
}
