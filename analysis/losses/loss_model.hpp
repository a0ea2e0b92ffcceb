#pragma once
// The residuals of a loss table under a scaling law, and the objectives made of them.

#include "analysis/fit/damped_newton.hpp"
#include "analysis/losses/loss_table.hpp"

#include <cmath>
#include <cstdint>
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
///   asymmetric_huber_log: the same, `asymmetry` times as much where the law lies above the loss (r < 0);
///   student_t_log: sum of (5/2) log(1 + r^2/(4 s^2)) + log s, the scale s the lowest of all: minus the logarithm of
///   the likelihood of Student's t with four degrees of freedom (Lange, Little and Taylor 1989), but for constants.
/// Always sums, never means; with a column of weights w, each term times its weight, but s/sqrt(w) in place of s for
/// Student's t.
enum class Objective { least_squares, least_squares_log, huber_log, absolute_log, asymmetric_huber_log, student_t_log };

const std::vector<std::string>& objective_names();
Objective objective_of(const std::string& name); ///< throws std::out_of_range

/// rho(r) = r^2/2 for |r| <= delta, delta (|r| - delta/2) beyond, times `asymmetry` for r < 0. `log`: of log L.
/// `student`: rho(r) = (5/2) log(1 + r^2/(4 s^2)) + log s.
struct Penalty {
  bool log = true;
  double delta = std::numeric_limits<double>::infinity();
  double asymmetry = 1;
  bool student = false;
  double scale = 0; ///< s; 0 where it is still to be found (LossProblem::with_scale)

  bool squares() const { return !student && !(delta < 1e300); }
  double side(double r) const { return r < 0 ? asymmetry : 1; }
  double value(double r) const;
  double slope(double r) const; ///< psi = rho'
  double curve(double r) const; ///< psi'
  /// Of a row of weight w.
  double value(double r, double w) const { return student ? value(std::sqrt(w) * r) : w * value(r); }
  double slope(double r, double w) const { return student ? std::sqrt(w) * slope(std::sqrt(w) * r) : w * slope(r); }
};
/// Scales of Student's t are not below this, which is roundoff of log L: a table without noise has no scale.
constexpr double student_degrees = 4, lowest_student_scale = 1e-12;

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

  /// Sum over the points of rho of each, with derivatives; `weights`: how often each counts, empty: once. Student's t:
  /// the scale is the best one at `at`, its change with the variables is in the Hessian, and the sum is above that of
  /// the definition by as much as makes it positive (n log of the lowest scale).
  LocalModel evaluate(const SmallVector& at, const Penalty& penalty, const std::vector<double>& weights = {}) const;
  /// Student's t with its scale at `at`; others unchanged.
  Penalty with_scale(const SmallVector& at, const Penalty& penalty, const std::vector<double>& weights = {}) const;
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
    double model;
  };
  LossProblem(const LossTable& table, LossModel model, double mean_log_x, double mean_log_z, double unit);
  Terms terms(const SmallVector& at, std::size_t i) const;
  /// exp(log_amplitude - exponent * log x) of each different x.
  static std::vector<double> powers(const std::vector<double>& different, double log_amplitude, double exponent);
  int exponent_of_second() const { return model_ == LossModel::tied ? 1 : 4; }

  LossTable table_;
  LossModel model_;
  double mean_log_x_, mean_log_z_, unit_;         ///< unit of E'
  std::vector<double> log_x_, log_z_, log_loss_;  ///< log x and log z centred
  std::vector<double> different_x_, different_z_; ///< each value of log_x_, log_z_ once: sizes repeat in most tables
  std::vector<std::uint32_t> which_x_, which_z_;  ///< the place of each point's among them
  Box box_;
};

constexpr double lowest_exponent = -2, highest_exponent = 20; ///< walls of the box

} // namespace cascade::analysis
