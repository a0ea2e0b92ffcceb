#include "analysis/fit/bootstrap.hpp"
#include "analysis/fit/loss_fit.hpp"
#include "analysis/fit/loss_outlook.hpp"
#include "core/errors.hpp"
#include "core/normals.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <sstream>

using namespace cascade;
using namespace cascade::analysis;

namespace {

std::string content(const std::string& file) {
  std::ifstream stream(std::string(CASCADE_SOURCE_DIR) + "/inputs/data/" + file);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

/// 240 models of Hoffmann et al. (inputs/data/README.md).
LossTable chinchilla() {
  const LossColumns columns{"loss", "Model Size", "Training FLOP", true, {}, 5};
  return read_loss_table("chinchilla", content("chinchilla_epoch_svg_extracted.csv"), columns);
}

LossFit fit_chinchilla(Objective objective) {
  return fit_losses(chinchilla(), LossModel::two_variables, {objective, 1e-3, true});
}

/// Losses of a law at 24 sizes (times 4 second sizes), with relative normal noise.
LossTable synthetic(const LossParameters& law, bool two, double noise, std::uint64_t seed) {
  LossTable t;
  t.name = "synthetic";
  std::vector<double> z(256);
  core::normal_pairs(core::CounterRng(seed, core::Stream::measurement), 0, 0, z);
  std::size_t k = 0;
  for (int i = 0; i < 24; ++i)
    for (int j = 0; j < (two ? 6 : 1); ++j) {
      t.x.push_back(1e3 * std::pow(10, 0.2 * i));
      if (two)
        t.z.push_back(1e4 * std::pow(10, 0.8 * j + 0.01 * i));
      t.loss.push_back(law.loss(t.x.back(), two ? t.z.back() : 1) * std::exp(noise * z[k++]));
      t.line.push_back(static_cast<int>(k) + 1);
    }
  return t;
}

const LossParameters one_law{30, 0.33, 1.7, 0, 0};
const LossParameters two_law{400, 0.34, 1.8, 2000, 0.37};

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
  CHECK(squares.parameters.alpha == Approx(0.357615).margin(1e-5));
  CHECK(squares.parameters.beta == Approx(0.427621).margin(1e-5));
}

TEST_CASE("loss fit: Gadre et al., one variable") {
  LossColumns columns{"loss_c4_val", "params", "", false, {}, 0};
  columns.filters = {{"dataset", "rw_original", {}, {}}, {"token_mult_over_20", "1", {}, {}}};
  const LossTable table = read_loss_table("gadre", content("gadre2024_openlm_losses.csv"), columns);
  const LossFit fit = fit_losses(table, LossModel::pedestal, {});
  CHECK(fit.parameters.pedestal == Approx(1.8377).margin(1e-4));
  CHECK(fit.parameters.amplitude == Approx(254.07).margin(0.01));
  CHECK(fit.parameters.alpha == Approx(0.26607).margin(1e-5));
}

TEST_CASE("loss fit: laws without noise are recovered, whatever the objective and the method") {
  // 1e-9: asked for; the flattest direction magnifies roundoff of the residuals by about 1e5
  for (const Objective objective :
       {Objective::least_squares, Objective::least_squares_log, Objective::huber_log, Objective::absolute_log})
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
  const LossTable table = synthetic(two_law, true, 0.02, 3);
  const LossProblem problem(table, LossModel::two_variables);
  const SmallVector at = problem.variables_of({350, 0.33, 1.7, 2500, 0.38});
  for (const bool log : {true, false}) {
    const LocalModel here = problem.evaluate(at, log, 0.05);
    for (int k = 0; k < 5; ++k) {
      const double step = 1e-5; // centred differences: error of order step^2 of the third derivative
      SmallVector up = at, down = at;
      up[k] += step;
      down[k] -= step;
      const LocalModel above = problem.evaluate(up, log, 0.05), below = problem.evaluate(down, log, 0.05);
      const double scale = here.majorant.norm();
      CHECK((above.value - below.value) / (2 * step) == Approx(here.gradient[k]).margin(1e-6 * scale));
      CHECK(((above.gradient - below.gradient) / (2 * step) - here.hessian.col(k)).norm() < 1e-5 * scale);
    }
  }
}

TEST_CASE("loss fit: 95% intervals hold the truth in 92 to 98% of 500 tables", "[slow]") {
  // 500 tables: the standard error of a coverage of 95% is 1%; 92 to 98% is three of them
  int alpha = 0, pedestal = 0, amplitude = 0, beta = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const LossFitOptions options{Objective::least_squares_log, 1e-3, true};
    const LossTable one = synthetic(one_law, false, 0.02, seed), two = synthetic(two_law, true, 0.02, 1000 + seed);
    const LossFit single = fit_losses(one, LossModel::pedestal, options),
                  both = fit_losses(two, LossModel::two_variables, options);
    const auto holds = [](const Interval& i, double truth) { return i[0] <= truth && truth <= i[1] ? 1 : 0; };
    alpha += holds(profile_interval(one, single, LossParameter::alpha), one_law.alpha);
    pedestal += holds(profile_interval(one, single, LossParameter::pedestal), one_law.pedestal);
    amplitude += holds(profile_interval(one, single, LossParameter::amplitude), one_law.amplitude);
    beta += holds(profile_interval(two, both, LossParameter::beta), two_law.beta);
  }
  for (const int held : {alpha, pedestal, amplitude, beta}) {
    CHECK(held >= 460);
    CHECK(held <= 490);
  }
  WARN("coverage of 500: alpha " << alpha << ", E " << pedestal << ", A " << amplitude << ", beta (two variables) "
                                 << beta);
}

TEST_CASE("loss fit: is the pedestal needed?") {
  const LossParameters bare{30, 0.33, 0, 0, 0};
  const LossFitOptions options{Objective::least_squares_log, 1e-3, true};
  const LossTable with = synthetic(one_law, false, 0.02, 5), without = synthetic(bare, false, 0.02, 5);
  const PedestalTest yes = test_pedestal(with, fit_losses(with, LossModel::pedestal, options));
  CHECK(yes.p_value < 1e-6);
  CHECK(yes.delta_bic < 0);
  const LossFit free = fit_losses(without, LossModel::pedestal, options);
  CHECK(test_pedestal(without, free).p_value > 0.01);
  CHECK(profile_interval(without, free, LossParameter::pedestal)[0] == 0); // not identified, and said so
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
