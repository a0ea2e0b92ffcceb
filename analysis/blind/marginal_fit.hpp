#pragma once
// One marginal likelihood for all scaling ranges and all corrections of a power law.

#include <Eigen/Dense>

#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// y = X c + noise of covariance Z, by generalised least squares; restricted (residual) log likelihood without
/// constants:
///   c = (X'Z^-1X)^-1 X'Z^-1 y,   L = -(r'Z^-1 r + log|Z| + log|X'Z^-1 X|)/2,   r = y - X c.
/// Reference: H. D. Patterson, R. Thompson, Biometrika 58 (1971) 545. Local, pure.
struct MarginalFit {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance; ///< (X'Z^-1X)^-1
  Eigen::MatrixXd estimator;  ///< c = estimator * y
  double chi2;                ///< r'Z^-1 r
  double log_likelihood;
};
MarginalFit marginal_fit(const Eigen::VectorXd& y, const Eigen::MatrixXd& X, const Eigen::MatrixXd& Z);

/// A way in which points leave the power law: y gains mean * z plus a normal amplitude of deviation `tau` times z, z
/// the shape, where it applies: from the first point of a range on (it dies out towards the end), up to its last, or
/// everywhere. `relative`: the shape is divided by its value at that end.
struct BlindCorrection {
  enum class Where { from_first, to_last, everywhere };
  std::string name;
  Eigen::VectorXd shape;
  Where where;
  bool relative;
  double tau, mean;
  double log_prior; ///< of a model that has it
};

/// A family of models for points in order of scale: every range [first, last) with at least `shortest` points, first
/// in the first half, last in the second (from 14 points on every second of these), and every set of corrections.
/// Points outside a range keep a variance of cut^2 on top of theirs, so that all models are densities of the same data
/// and their likelihoods may be compared.
struct ModelFamily {
  Eigen::VectorXd y;
  Eigen::MatrixXd X;          ///< columns: 1 and the regressor whose coefficient is wanted
  Eigen::MatrixXd covariance; ///< of y, as if the law held everywhere
  double cut;
  int shortest;
  std::vector<BlindCorrection> corrections;
  std::vector<std::vector<int>> sets; ///< of places in `corrections`
  /// Prior deviation of the coefficient from zero. It weighs models, the coefficient itself is not drawn to zero; and
  /// one more model has it exactly zero.
  std::optional<double> prior_slope;
};

struct ModelAverage {
  double value = 0;          ///< mean of the coefficient over the models, weights ~ exp(L)
  double error = 0;          ///< half the width of the central 80% of the mixture, in units of a normal's (1.2816)
  Eigen::VectorXd estimator; ///< d value / d y, weights held
  double range = 0;          ///< mean number of points in a range
  double corrected = 0;      ///< weight of models with a correction
  double zero = 0;           ///< weight of the model with slope zero
  double chi2 = 0;           ///< of the best model
  int first = 0, last = 0;   ///< range of the best model
  std::string corrections;   ///< of the best model
  int models = 0;
};

/// Throws std::invalid_argument where there is no model: fewer points than `shortest`.
ModelAverage average_models(const ModelFamily& family);

} // namespace cascade::analysis
