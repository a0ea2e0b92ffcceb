#pragma once
// Does a fitted curve describe the data, and if not, what does that do to the exponent?

#include <Eigen/Core>

#include <optional>
#include <vector>

namespace cascade::analysis {

/// A weighted fit as seen from its solution; rows are the points of the window.
struct Linearised {
  std::vector<double> log_x;
  std::vector<double> error;    ///< relative error of each point, as the weights of the fit have it
  std::vector<double> residual; ///< (y - fit)/y, or its logarithm
  Eigen::MatrixXd jacobian;     ///< d (fit/y)/d parameter; its columns: all free parameters
  Eigen::VectorXd row;          ///< d exponent/d log y of each point
};

struct FitQuality {
  std::optional<double> chi2_per_dof; ///< T^2 over its mean for a true model
  std::optional<double> p_value;
  int dof = 0;
};

/// Goodness of a fit by the jackknife scatter of its residuals, replicates[block] those of the fit without the block.
/// Residuals in units of `error`, less what the free parameters could still take up, live in points - parameters
/// dimensions; test_of_mean() is made of them there, shrunk where there are fewer than three blocks a dimension. Absent
/// where nothing can be tested: no dimension left, one block, or residuals of roundoff. Local.
FitQuality goodness_of_fit(const Linearised& fit, const std::vector<std::vector<double>>& replicates);

/// The same with a known covariance of log y: chi^2.
FitQuality goodness_of_fit(const Linearised& fit, const Eigen::MatrixXd& covariance);

/// What a model that fails is short of: the size tau of departures of log y, correlated between points,
///   <delta_i delta_j> = tau^2 K_ij,   K_ij = 2^(-|log2 x_i/x_j|/2),
/// with which the residuals would be what one expects: r^T (C + tau^2 K)^-1 r = dof in the space of goodness_of_fit().
/// 0 for a fit that needs none. The exponent then has, beside its scatter, the error tau sqrt(g K g^T), g its row.
double misfit_size(const Linearised& fit, const std::vector<std::vector<double>>& replicates);
double misfit_size(const Linearised& fit, const Eigen::MatrixXd& covariance);
double misfit_error(const Linearised& fit, double tau);

/// The matrix K.
Eigen::MatrixXd departures(const std::vector<double>& log_x);

} // namespace cascade::analysis
