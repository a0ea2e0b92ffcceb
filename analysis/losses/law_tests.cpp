#include "analysis/losses/law_tests.hpp"

#include "analysis/losses/loss_likelihood.hpp"
#include "analysis/losses/loss_profile.hpp"
#include "analysis/losses/loss_search.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

/// `share` of the two-sided p-value: one half where the parameter can only lie on one side.
LawTest compare_laws(const LossTable& table, const LossFit& fit, const LossFit& without, double share) {
  LawTest test;
  test.without = without;
  const LossProblem problem(table, fit.model), restricted(table, without.model);
  const auto n = static_cast<double>(fit.points), left = n - problem.variables();
  test.likelihood_ratio = std::max(0.0, 2 * (log_likelihood(problem, fit) - log_likelihood(restricted, without)));
  if (!penalty_of(fit.options).squares())
    test.p_value = share * gsl_cdf_chisq_Q(test.likelihood_ratio, 1);
  else // F = (n - p) (RSS without/RSS with it - 1), the square of Student's t
    test.p_value = 2 * share * gsl_cdf_tdist_Q(std::sqrt(std::expm1(test.likelihood_ratio / n) * left), left);
  const auto correction = [&](double parameters) {
    const double rest = n - parameters - 1;
    return rest > 0 ? 2 * parameters * (parameters + 1) / rest : std::numeric_limits<double>::infinity();
  };
  const double k = problem.variables() + 1; // the residuals' scale is a parameter too
  test.delta_aicc = 2 - test.likelihood_ratio + correction(k) - correction(k - 1);
  test.delta_bic = std::log(n) - test.likelihood_ratio;
  return test;
}

} // namespace

LawTest test_pedestal(const LossTable& table, const LossFit& fit) {
  LossFit without = fit;
  if (fit.model == LossModel::pedestal) {
    without = fit_losses(table, LossModel::power, fit.options);
  } else { // E = 0 is a point on the wall of the law with E
    const LossProblem problem(table, fit.model);
    for (const LossQuantity& quantity : problem.quantities())
      if (quantity.name == "E")
        settle(problem, lowest_with(problem, fit, quantity, 0), without);
  }
  return compare_laws(table, fit, without, 0.5);
}

LawTest test_tied(const LossTable& table, const LossFit& fit) {
  return compare_laws(table, fit, fit_losses(table, LossModel::tied, fit.options), 1);
}

} // namespace cascade::analysis
