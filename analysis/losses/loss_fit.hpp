#pragma once
// A scaling law fitted to a table of losses, as a value.

#include "analysis/losses/loss_model.hpp"

#include <array>
#include <cstddef>

namespace cascade::analysis {

struct LossFitOptions {
  Objective objective = Objective::least_squares;
  double delta = 1e-3;             ///< of huber_log and asymmetric_huber_log
  bool variable_projection = true; ///< search in the exponents alone, the coefficients minimised out at each step
  double asymmetry = 10;           ///< of asymmetric_huber_log
};

/// 95% interval of a parameter; an end may be 0 or infinite when the data do not bound it.
using Interval = std::array<double, 2>;

/// docs/theory.md, "Loss tables". Standard errors are those of an M-estimator, kappa (sum grad r grad r^T)^-1 with
/// kappa = mean psi(r)^2 / (mean psi'(r))^2 n/(n - p), which for least squares is the usual sigma^2: residuals of equal
/// size at all points. Robust errors (the sandwich, HC3) do without that.
struct LossFit {
  LossModel model = LossModel::power;
  LossFitOptions options;
  LossParameters parameters;
  SmallVector at;   ///< variables of the LossProblem
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

} // namespace cascade::analysis
