#pragma once
// The best use of compute under L = E + A/N^alpha + B/D^beta and C = k N D.

#include "analysis/losses/loss_model.hpp"

namespace cascade::analysis {

constexpr double flop_per_parameter_token = 6;

/// The size N and the tokens D that reach the lowest loss with compute C.
struct BestUse {
  double compute = 0, params = 0, tokens = 0, loss = 0;
  double ratio() const { return tokens / params; }
};

/// N* = G (C/k)^(beta/(alpha+beta)), D* = (C/k)/N*, G = (alpha A/(beta B))^(1/(alpha+beta)); Hoffmann et al. (2022),
/// eq. 4. NaN where an exponent or an amplitude is not above zero. Pure.
BestUse best_use(const LossParameters& law, double compute, double k = flop_per_parameter_token);

/// The compute at which the best use reaches a loss; infinite at or below E. Pure.
double compute_for_loss(const LossParameters& law, double loss, double k = flop_per_parameter_token);

/// The best tokens for a size, or the size for tokens: where the two are best together. Pure.
double compute_for_params(const LossParameters& law, double params, double k = flop_per_parameter_token);

/// Compute of a model of `factor` times the best size, trained until it has the loss of the best use, over the compute
/// of that: the same at any C; infinite where no number of tokens gets there. Pure.
double overhead(const LossParameters& law, double factor);

/// N* ~ C^a, and the reducible loss ~ C^-g; NaN where an exponent is not above zero.
double size_exponent(const LossParameters& law);
double frontier_exponent(const LossParameters& law);

} // namespace cascade::analysis
