#pragma once
// An objective of a law, and the search for its lowest point.

#include "analysis/losses/loss_model.hpp"
#include "analysis/scaling/laws/law_fit.hpp"

#include <Eigen/Core>

#include <vector>

namespace cascade::analysis {

/// Sum of weight * rho(r) with its gradient and the matrix of reweighted least squares; infinite where the law is no
/// number. With Student's t the last variable is the logarithm of the scale.
struct LawSum {
  double value = 0;
  Eigen::VectorXd gradient;
  Eigen::MatrixXd majorant;
};

/// A law on rows under an objective. Immutable.
class LawProblem {
public:
  LawProblem(const ScalingLaw& law, const LawData& data, const LawFitOptions& options);
  int variables() const { return variables_; } ///< of the objective: one more for Student's t
  int of_law() const { return of_law_; }
  bool student_t() const { return options_.objective.student_t; }
  const std::vector<int>& free() const { return free_; }

  LawSum sum(const Eigen::VectorXd& at, const Penalty& penalty) const;
  /// In the free variables, by differences from the gradient there: good to 1e-6, which is enough for a step.
  Eigen::MatrixXd hessian(const Eigen::VectorXd& at, const Eigen::VectorXd& gradient, const Penalty& penalty,
                          const std::vector<int>& free) const;
  std::vector<double> residuals(const Eigen::VectorXd& at) const;
  /// Minus the gradients of the residuals by the law's variables, a column a row.
  Eigen::MatrixXd gradients(const Eigen::VectorXd& at) const;
  std::vector<Penalty> path(double widest) const; ///< Huber's deltas, wide to final
  Penalty last() const { return path(0.1).back(); }
  /// The objective as LossFit::value has it.
  double value(const Eigen::VectorXd& at) const;

  struct End {
    Eigen::VectorXd at;
    double value = 0; ///< of the sum
    bool converged = false;
  };
  /// From a start, the variables `free` alone moving: reweighted least squares, and with `exact` Newton's steps after
  /// it.
  End search(const Eigen::VectorXd& start, const std::vector<int>& free, const Penalty& penalty, bool exact,
             int most) const;

private:
  Eigen::MatrixXd rows_of(const Eigen::VectorXd& at, std::vector<double>& residual) const;
  const ScalingLaw& law_;
  const LawData& data_;
  LawFitOptions options_;
  int of_law_, variables_;
  std::vector<int> free_;
};

} // namespace cascade::analysis
