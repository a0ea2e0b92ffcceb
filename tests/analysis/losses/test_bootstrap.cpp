#include "analysis/losses/bootstrap.hpp"
#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_profile.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/loss_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using namespace cascade::analysis;
using test::chinchilla;
using test::one_law;
using test::synthetic;

TEST_CASE("bootstrap: the same at any rank count, and the published standard errors", "[mpi]") {
  const auto world = core::Communicator::world();
  const LossTable table = chinchilla();
  const LossFit fit = fit_losses(table, LossModel::two_variables, {Objective::huber_log, 1e-3, true});
  const Bootstrap all = bootstrap(table, fit, 60, 11, world),
                  alone = bootstrap(table, fit, 60, 11, core::Communicator::self());
  bool same = all.replicates.size() == alone.replicates.size();
  for (std::size_t r = 0; same && r < all.replicates.size(); ++r)
    same = all.replicates[r].alpha == alone.replicates[r].alpha &&
           all.replicates[r].amplitude == alone.replicates[r].amplitude &&
           all.replicates[r].second_amplitude == alone.replicates[r].second_amplitude;
  std::int64_t differing[] = {same ? 0 : 1};
  world.sum(std::span<std::int64_t>(differing));
  CHECK(differing[0] == 0);
  CHECK(all.failed == 0);
}

TEST_CASE("bootstrap: its interval holds the truth", "[slow]") {
  const int tables = 60; // 57 expected to hold; below 52 with a chance of .3% (binomial)
  for (const Objective objective : {Objective::least_squares_log, Objective::huber_log}) {
    int held = 0;
    for (int seed = 1; seed <= tables; ++seed) {
      const LossTable t = synthetic(one_law, false, 0.02, static_cast<std::uint64_t>(seed));
      const LossFit fit = fit_losses(t, LossModel::pedestal, {objective, 1e-3, true});
      const Bootstrap b = bootstrap(t, fit, 100, 5, core::Communicator::self());
      held += b.low.alpha <= one_law.alpha && one_law.alpha <= b.high.alpha ? 1 : 0;
      CHECK(b.low.alpha < fit.parameters.alpha);
      CHECK(b.high.alpha > fit.parameters.alpha);
    }
    CHECK(held >= 52);
  }
}

TEST_CASE("bootstrap: standard errors of the Huber row within 5%", "[slow]") {
  const LossTable table = chinchilla();
  const LossFit fit = fit_losses(table, LossModel::two_variables, {Objective::huber_log, 1e-3, true});
  const LossParameters e = bootstrap(table, fit, 4000, 1, core::Communicator::self()).standard_error;
  CHECK(e.amplitude == Approx(124.5).epsilon(0.05));
  CHECK(e.second_amplitude == Approx(1293).epsilon(0.05));
  CHECK(e.pedestal == Approx(0.0257).epsilon(0.05));
  CHECK(e.alpha == Approx(0.0154).epsilon(0.05));
  CHECK(e.beta == Approx(0.0206).epsilon(0.05));
}

TEST_CASE("bootstrap: many points are resampled to first order", "[slow]") {
  const LossFitOptions options{Objective::least_squares_log, 1e-3, true};
  LossTable many; // GSL's quantile of F(1, 2e4) does not converge
  many.name = "many";
  for (std::uint64_t seed = 1; seed <= 840; ++seed) {
    const LossTable part = synthetic(one_law, false, 0.02, seed);
    many.x.insert(many.x.end(), part.x.begin(), part.x.end());
    many.loss.insert(many.loss.end(), part.loss.begin(), part.loss.end());
  }
  LossFit sure = fit_losses(many, LossModel::pedestal, options);
  const Interval narrow = profile_intervals(many, sure).front().equal;
  const LossProblem problem(many, LossModel::pedestal);
  const LossParameters error{0, linear_errors(problem, sure, problem.quantities()[0]).equal,
                             linear_errors(problem, sure, problem.quantities()[2]).equal, 0, 0};
  CHECK((narrow[1] - narrow[0]) / error.alpha == Approx(2 * 1.96).epsilon(0.01)); // nearly normal by now
  CHECK(std::abs(sure.parameters.alpha - one_law.alpha) < 4 * error.alpha);
  // so many points are resampled to first order: within 1/sqrt(20160), .7%, of a standard error, times a few
  const Bootstrap linear = bootstrap(many, sure, 6, 5, core::Communicator::self());
  CHECK(linear.first_order);
  double moved = 0; // in standard errors, mean square
  for (std::uint64_t r = 0; r < 6; ++r) {
    const LossParameters full = refit(problem, sure, resample_weights(many.size(), 5, r));
    CHECK(full.alpha == Approx(linear.replicates[r].alpha).margin(0.05 * error.alpha));
    CHECK(full.pedestal == Approx(linear.replicates[r].pedestal).margin(0.05 * error.pedestal));
    moved += std::pow((full.alpha - sure.parameters.alpha) / error.alpha, 2) / 6;
  }
  CHECK(moved > 0.11); // chi-squared of 6 over 6: outside with a chance of 1%
  CHECK(moved < 2.8);
}

TEST_CASE("bootstrap: few survivors give no errors") {
  // six points resampled are often four, which hold three parameters exactly or not at all
  const LossTable six = test::table_of({1e3, 1e4, 1e5, 1e6, 1e7, 1e8}, {3.0, 2.6, 2.35, 2.2, 2.12, 2.08});
  const LossFit fit = fit_losses(six, LossModel::pedestal, {});
  const Bootstrap few = bootstrap(six, fit, 400, 3, core::Communicator::self());
  CHECK(few.failed > 40); // four different ones of six, or more: 82% of resamples
  CHECK(few.failed < 120);
  CHECK_FALSE(few.usable());
  CHECK(std::isnan(few.standard_error.alpha));
  CHECK(std::isnan(few.low.alpha));
  const LossTable table = synthetic(one_law, false, 0.02, 5);
  const Bootstrap enough =
      bootstrap(table, fit_losses(table, LossModel::pedestal, {}), 50, 3, core::Communicator::self());
  CHECK(enough.usable());
  CHECK(enough.log_error.amplitude > 0);
}
