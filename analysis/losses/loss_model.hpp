#pragma once
// The residuals of a loss table under a scaling law, and the objectives made of them.

#include "analysis/fit/damped_newton.hpp"
#include "analysis/losses/loss_table.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// power: L = A x^-alpha;  pedestal: L = E + A x^-alpha;  two_variables: L = E + A x^-alpha + B z^-beta.
enum class LossModel { power, pedestal, two_variables };

/// What is minimised; r = L - model for least_squares, r = log L - log model for the others:
///   least_squares(_log): sum of r^2;  absolute_log: sum of |r|;
///   huber_log: sum of r^2/2 for |r| <= delta, delta (|r| - delta/2) beyond. Always sums, never means.
enum class Objective { least_squares, least_squares_log, huber_log, absolute_log };

const std::vector<std::string>& objective_names();
Objective objective_of(const std::string& name); ///< throws std::out_of_range

/// Natural parameters; those a model lacks are zero.
struct LossParameters {
  double amplitude = 0, alpha = 0;       ///< A, alpha
  double pedestal = 0;                   ///< E
  double second_amplitude = 0, beta = 0; ///< B, beta
  double loss(double x, double z = 1) const;
};

/// A table under a model. Variables, in this order, the first 2, 3 or 5 of them used: log A', alpha, log E, log B',
/// beta, where A' x'^-alpha is the first term with x' = x over its geometric mean, and likewise B', z': this takes most
/// of the correlation between amplitude and exponent away; `centred` = false keeps A and B themselves. Immutable.
class LossProblem {
public:
  LossProblem(const LossTable& table, LossModel model, bool centred = true);
  int variables() const { return model_ == LossModel::power ? 2 : model_ == LossModel::pedestal ? 3 : 5; }
  std::size_t points() const { return log_loss_.size(); }
  LossModel model() const { return model_; }
  const LossTable& table() const { return table_; }

  /// Sum over the points of weight * rho(r), with derivatives. rho is Huber's with this delta; infinite: r^2/2. `log`:
  /// residuals of log L, otherwise of L. `weights` empty = 1 each.
  LocalModel evaluate(const SmallVector& at, bool log, double delta, const std::vector<double>& weights = {}) const;
  std::vector<double> residuals(const SmallVector& at, bool log) const;
  /// Minus the gradient of residual i.
  SmallVector gradient(const SmallVector& at, std::size_t i, bool log) const;
  /// sum over points of (grad r)(grad r)^T.
  SmallMatrix information(const SmallVector& at, bool log) const;
  /// Natural parameters of a point, and back.
  LossParameters natural(const SmallVector& at) const;
  SmallVector variables_of(const LossParameters& parameters) const;

private:
  struct Terms {
    double share[3]; ///< of the model: first term, pedestal, second term
    double log_model;
  };
  Terms terms(const SmallVector& at, std::size_t i) const;

  LossTable table_;
  LossModel model_;
  double mean_log_x_ = 0, mean_log_z_ = 0;
  std::vector<double> log_x_, log_z_, log_loss_; ///< log x and log z centred
};

} // namespace cascade::analysis
