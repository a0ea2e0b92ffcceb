#pragma once
// The probability density that belongs to an objective, for everything that needs a likelihood.

#include "analysis/losses/loss_fit.hpp"

#include <string>

namespace cascade::analysis {

/// Log likelihood of the losses themselves under
///     p(r_i) = exp(-w_i rho(r_i)/s^2) / Z_i(s),    Z_i = half(1, w_i) + half(a, w_i)
///     half(a, w) = sqrt(pi/2) s' erf(delta/(s' sqrt 2)) + s'^2/delta exp(-delta^2/(2 s'^2)),    s' = s/sqrt(a w)
/// (a: asymmetry), the scale s at its most likely value; a residual of log L brings the factor 1/L. The optimum of the
/// objective is the most likely law for any s, so that this is the maximised likelihood, of whatever noise has this
/// density: the normal one for squares, Laplace's for absolute deviations, Huber's (normal up to delta, exponential
/// beyond) and its asymmetric sibling. A value of the objective itself is no likelihood: its scale is not fitted.
double log_likelihood(const LossProblem& problem, const LossFit& fit);

/// "normal", "Laplace's", "Huber's", ...
std::string density_name(Objective objective);

} // namespace cascade::analysis
