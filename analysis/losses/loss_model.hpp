#pragma once
// The residuals of a loss table under a scaling law, and the objectives made of them.

#include "analysis/fit/damped_newton.hpp"
#include "analysis/losses/loss_table.hpp"

#include <limits>
#include <string>
#include <vector>

namespace cascade::analysis {

/// power: L = A x^-alpha;  pedestal: L = E + A x^-alpha;  two_variables: L = E + A x^-alpha + B z^-beta;  tied: the
/// same with beta = alpha. E >= 0.
enum class LossModel { power, pedestal, two_variables, tied };

const std::vector<std::string>& loss_model_names(); ///< in the order of the enumeration
LossModel loss_model_of(const std::string& name);   ///< throws std::out_of_range

inline bool has_second(LossModel model) {
  return model == LossModel::two_variables || model == LossModel::tied;
}

/// What is minimised; r = L - model for least_squares, r = log L - log model for the others:
///   least_squares(_log): sum of r^2;  absolute_log: sum of |r|;
///   huber_log: sum of r^2/2 for |r| <= delta, delta (|r| - delta/2) beyond;
///   asymmetric_huber_log: the same, `asymmetry` times as much where the law lies above the loss (r < 0).
/// Always sums, never means; with a column of weights, each term times its weight.
enum class Objective { least_squares, least_squares_log, huber_log, absolute_log, asymmetric_huber_log };

const std::vector<std::string>& objective_names();
Objective objective_of(const std::string& name); ///< throws std::out_of_range

/// rho(r) = r^2/2 for |r| <= delta, delta (|r| - delta/2) beyond, times `asymmetry` for r < 0. `log`: of log L.
struct Penalty {
  bool log = true;
  double delta = std::numeric_limits<double>::infinity();
  double asymmetry = 1;

  double side(double r) const { return r < 0 ? asymmetry : 1; }
  double value(double r) const;
  double slope(double r) const; ///< psi = rho'
};

/// Natural parameters; those a model lacks are zero.
struct LossParameters {
  double amplitude = 0, alpha = 0;       ///< A, alpha
  double pedestal = 0;                   ///< E
  double second_amplitude = 0, beta = 0; ///< B, beta
  double loss(double x, double z = 1) const;
};

/// A number that is `offset` + `along` . variables: a parameter of the law, or its logarithm.
struct LossQuantity {
  std::string name; ///< "alpha", "log A", "E", "beta", "log B"
  SmallVector along;
  double offset = 0;
  double lowest = -std::numeric_limits<double>::infinity(); ///< 0 for E
  int pivot = 0; ///< the variable that is eliminated where the quantity is held
  double at(const SmallVector& variables) const { return offset + along.dot(variables); }
};

/// A table under a model. Variables, in this order, the first 2, 3 or 5 of them used (4 when tied): log A', alpha, E',
/// log B', beta, where A' x'^-alpha is the first term with x' = x over its geometric mean, and likewise B', z': this
/// takes most of the correlation between amplitude and exponent away; E' is E over the geometric mean of the losses, so
/// that E = 0 is a point like any other, on the wall of the box. Immutable.
class LossProblem {
public:
  LossProblem(const LossTable& table, LossModel model);
  /// The same variables (means, units) as another problem, for other points: its optimum is a start here.
  LossProblem(const LossTable& table, const LossProblem& like);

  int variables() const;
  std::size_t points() const { return log_loss_.size(); }
  LossModel model() const { return model_; }
  const LossTable& table() const { return table_; }
  const Box& box() const { return box_; }

  /// Sum over the points of weight * rho(r), with derivatives. `weights` multiply the table's own; empty: 1 each.
  LocalModel evaluate(const SmallVector& at, const Penalty& penalty, const std::vector<double>& weights = {}) const;
  std::vector<double> residuals(const SmallVector& at, bool log) const;
  /// Minus the gradient of residual i.
  SmallVector gradient(const SmallVector& at, std::size_t i, bool log) const;
  /// sum over points of weight (grad r)(grad r)^T.
  SmallMatrix information(const SmallVector& at, bool log) const;
  double weight(std::size_t i) const { return table_.weight.empty() ? 1 : table_.weight[i]; }

  /// Natural parameters of a point, and back.
  LossParameters natural(const SmallVector& at) const;
  SmallVector variables_of(const LossParameters& parameters) const;
  /// What intervals are made for: the parameters, amplitudes as logarithms.
  std::vector<LossQuantity> quantities() const;
  double mean_log_x() const { return mean_log_x_; }
  double mean_log_z() const { return mean_log_z_; }
  double unit() const { return unit_; } ///< of E'

private:
  struct Terms {
    double share[3]; ///< of the model: first term, pedestal, second term
    double log_model;
  };
  LossProblem(const LossTable& table, LossModel model, double mean_log_x, double mean_log_z, double unit);
  Terms terms(const SmallVector& at, std::size_t i) const;
  int exponent_of_second() const { return model_ == LossModel::tied ? 1 : 4; }

  LossTable table_;
  LossModel model_;
  double mean_log_x_, mean_log_z_, unit_;        ///< unit of E'
  std::vector<double> log_x_, log_z_, log_loss_; ///< log x and log z centred
  Box box_;
};

constexpr double lowest_exponent = -2, highest_exponent = 20; ///< walls of the box

} // namespace cascade::analysis
