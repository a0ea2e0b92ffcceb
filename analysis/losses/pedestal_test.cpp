#include "analysis/losses/pedestal_test.hpp"

#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_minimum.hpp"
#include "analysis/losses/loss_search.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr double no_pedestal = -60; ///< log E that is zero to every digit

} // namespace

PedestalTest test_pedestal(const LossTable& table, const LossFit& fit) {
  PedestalTest test;
  const auto n = static_cast<double>(fit.points);
  if (fit.model == LossModel::pedestal) {
    test.without = fit_losses(table, LossModel::power, fit.options);
  } else { // the two-variable law with E = 0 needs no form of its own: log E is kept where E is nothing
    const LossProblem problem(table, fit.model);
    test.without = fit;
    SmallVector at = fit.at;
    at[2] = no_pedestal;
    for (const double delta : stages(fit.options))
      at = minimise(problem, at, variables_but(problem, 2), logarithmic(fit.options.objective), delta, {}).at;
    test.without.at = at;
    test.without.parameters = problem.natural(at);
    test.without.value = objective_value(problem, at, fit.options);
    set_errors(problem, test.without);
  }
  const double tiny = 1e-300;
  const double ratio = std::max(test.without.value, tiny) / std::max(fit.value, tiny);
  if (fit.options.objective == Objective::huber_log)
    test.likelihood_ratio = 2 * (test.without.value - fit.value) / fit.deviance_scale;
  else
    test.likelihood_ratio = (fit.options.objective == Objective::absolute_log ? 2 : 1) * n * std::log(ratio);
  test.likelihood_ratio = std::max(0.0, test.likelihood_ratio);
  test.p_value = 0.5 * gsl_cdf_chisq_Q(test.likelihood_ratio, 1);
  const double left = n - LossProblem(table, fit.model).variables();
  if (fit.options.objective == Objective::least_squares || fit.options.objective == Objective::least_squares_log)
    test.p_value = gsl_cdf_tdist_Q(std::sqrt(std::max(0.0, ratio - 1) * left), left);
  const double k = (fit.model == LossModel::pedestal ? 3 : 5) + 1; // the residuals' scale is a parameter too
  const auto correction = [&](double parameters) {
    const double rest = n - parameters - 1;
    return rest > 0 ? 2 * parameters * (parameters + 1) / rest : std::numeric_limits<double>::infinity();
  };
  test.delta_aicc = 2 - test.likelihood_ratio + correction(k) - correction(k - 1);
  test.delta_bic = std::log(n) - test.likelihood_ratio;
  return test;
}

} // namespace cascade::analysis
