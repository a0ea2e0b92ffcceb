#pragma once
// Scaling laws fitted to tables of losses.

#include "analysis/losses/loss_model.hpp"

#include <array>
#include <string>
#include <vector>

namespace cascade::analysis {

struct LossFitOptions {
  Objective objective = Objective::least_squares;
  double delta = 1e-3;             ///< of huber_log
  bool variable_projection = true; ///< search in the exponents alone, the coefficients minimised out at each step
};

/// 95% interval of a parameter; an end may be 0 or infinite when the data do not bound it.
using Interval = std::array<double, 2>;

/// docs/theory.md, "Loss tables". Standard errors are those of an M-estimator, kappa (sum grad r grad r^T)^-1 with
/// kappa = mean psi(r)^2 / (mean psi'(r))^2 n/(n - p), which for least squares is the usual sigma^2: residuals of equal
/// size at all points. Robust errors (the sandwich, HC3) do without that.
struct LossFit {
  LossModel model = LossModel::power;
  LossFitOptions options;
  LossParameters parameters, standard_error, robust_error;
  SmallVector at;   ///< variables of the (centred) LossProblem
  double value = 0; ///< the objective as its definition has it: sum of squares, of |r|, or Huber's sum
  double scale = 0; ///< sqrt(kappa): size of a residual
  double deviance_scale =
      0; ///< a difference of the evaluated objective over this is about chi-squared, one variable each
  std::size_t points = 0;
  int starts = 0, polished = 0, agreeing = 0; ///< starting points tried, carried to the end, and those that ended here
  double cross_check =
      0; ///< largest difference of an exponent between variable projection and the search in all variables
  bool converged = false, moved = false;
};

/// The best fit over a grid of starting exponents. Throws core::Error(bad_input), naming the table, when the data
/// cannot determine the model: too few points (at least two more than parameters), too few different x or z. Throws
/// core::Error(numerical_failure) when the search has not moved from its start. Deterministic, local.
LossFit fit_losses(const LossTable& table, LossModel model, const LossFitOptions& options);

/// Throws core::Error(numerical_failure) when the search ended where it began although the relative slope there is not
/// zero.
void require_moved(const std::string& name, const SmallVector& start, const SmallVector& end, double relative_slope);

/// The objective as its definition has it at given parameters.
double objective_at(const LossTable& table, LossModel model, const LossFitOptions& options,
                    const LossParameters& parameters);

/// Refit from a known optimum with a weight for each point (a resample): the way of the bootstrap. NaN parameters when
/// the search fails.
LossParameters refit(const LossProblem& problem, const LossFit& fit, const std::vector<double>& weights);

/// What each point adds to the variables per unit of its weight, to first order: the optimum of a table of weights w is
/// fit.at + sum (w_i - 1) influence_i, to a relative error of order 1/sqrt(points). The influences sum to zero.
std::vector<SmallVector> influences(const LossProblem& problem, const LossFit& fit);

enum class LossParameter { amplitude, alpha, pedestal, second_amplitude, beta };

/// What is supposed of the residuals: of `equal` size at all points, or of `any` size at each.
enum class Spread { equal, any };

/// Profile interval: the values of one parameter at which the objective, minimised over all others, rises by the 95%
/// point of F(1, n - p) in units of the deviance scale (times the squared ratio of robust to standard error for
/// Spread::any). Exact for a linear least-squares problem with equal normal residuals. docs/theory.md (42).
Interval profile_interval(const LossTable& table, const LossFit& fit, LossParameter parameter,
                          Spread spread = Spread::equal);

/// The same with a given rise in units of the deviance scale, e.g. 3.84 (chi-squared) in place of F's quantile.
Interval profile_interval_at(const LossTable& table, const LossFit& fit, LossParameter parameter, double rise);

/// Is the pedestal needed? Twice the gain of log likelihood over the same law with E = 0 (normal errors for least
/// squares, Laplace's for absolute_log, the robust deviance for huber_log), its p-value (half of
/// chi-squared(1)'s, of F(1, n - p)'s for least squares, since E >= 0), and the differences of the corrected Akaike and
/// of the Bayesian criterion, negative where E pays.
struct PedestalTest {
  double likelihood_ratio = 0, p_value = 1, delta_aicc = 0, delta_bic = 0;
  LossFit without; ///< the law with E = 0
};
PedestalTest test_pedestal(const LossTable& table, const LossFit& fit);

} // namespace cascade::analysis
