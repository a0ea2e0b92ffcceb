#include "analysis/fit/misfit.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/fit/hotelling.hpp"

#include <Eigen/Dense>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double blocks_per_dimension = 3, alike_over = 2, roundoff = 1e-9; // alike_over: octaves

/// Takes residuals (rows: points) to the space no free parameter reaches, in units of the points' errors.
Matrix left_over(const Linearised& fit) {
  const Eigen::Index points = fit.jacobian.rows(), free = points - fit.jacobian.cols();
  const Vector weight = Eigen::Map<const Vector>(fit.error.data(), points).cwiseInverse();
  const Matrix whole = orthonormal(weight.asDiagonal() * fit.jacobian, points);
  return weight.asDiagonal() * whole.rightCols(free);
}

/// Rows: blocks; their mean is the residual, the covariance of the mean its jackknife covariance.
Matrix blocks_of(const std::vector<double>& residual, const std::vector<std::vector<double>>& replicates,
                 const Matrix& space) {
  const auto n = static_cast<Eigen::Index>(replicates.size()), points = space.rows();
  Matrix rows(n, points);
  for (Eigen::Index b = 0; b < n; ++b)
    rows.row(b) = Eigen::Map<const Eigen::RowVectorXd>(replicates[static_cast<std::size_t>(b)].data(), points);
  const Eigen::RowVectorXd mean = rows.colwise().mean();
  rows = (static_cast<double>(n) - 1) * (mean.replicate(n, 1) - rows);
  rows.rowwise() += Eigen::Map<const Eigen::RowVectorXd>(residual.data(), points);
  return rows * space;
}

Vector residual_of(const Linearised& fit) {
  return Eigen::Map<const Vector>(fit.residual.data(), static_cast<Eigen::Index>(fit.residual.size()));
}

/// tau of r^T (C + tau^2 K)^-1 r = dof: the left side falls with tau.
double solve_size(const Vector& residual, const Matrix& covariance, const Matrix& k) {
  const double dof = static_cast<double>(residual.size());
  const auto form = [&](double tau) { return residual.dot(symmetric_solve(covariance + tau * tau * k, residual)); };
  if (!(form(0) > dof))
    return 0;
  double low = 0, high = std::sqrt(residual.squaredNorm() / k.trace()) + 1e-300;
  while (form(high) > dof)
    high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (form(middle) > dof ? low : high) = middle;
  }
  return high;
}

/// Residuals of roundoff leave nothing to test.
bool testable(const Linearised& fit) {
  return fit.jacobian.rows() > fit.jacobian.cols() && residual_of(fit).cwiseAbs().maxCoeff() > roundoff;
}

} // namespace

FitQuality goodness_of_fit(const Linearised& fit, const std::vector<std::vector<double>>& replicates) {
  FitQuality quality;
  quality.dof = static_cast<int>(std::max<Eigen::Index>(0, fit.jacobian.rows() - fit.jacobian.cols()));
  if (!testable(fit))
    return quality;
  const MeanTest test = test_of_mean(blocks_of(fit.residual, replicates, left_over(fit)), blocks_per_dimension);
  if (test.dimensions < 1)
    return quality;
  quality.chi2_per_dof = test.t2 / test.expected_t2;
  quality.p_value = test.p_value;
  return quality;
}

FitQuality goodness_of_fit(const Linearised& fit, const Matrix& covariance) {
  FitQuality quality;
  quality.dof = static_cast<int>(std::max<Eigen::Index>(0, fit.jacobian.rows() - fit.jacobian.cols()));
  if (!testable(fit))
    return quality;
  const Matrix space = left_over(fit);
  const Vector z = space.transpose() * residual_of(fit);
  const double chi2 = z.dot(symmetric_solve(space.transpose() * covariance * space, z));
  quality.chi2_per_dof = chi2 / quality.dof;
  quality.p_value = gsl_cdf_chisq_Q(chi2, quality.dof);
  return quality;
}

double misfit_size(const Linearised& fit, const std::vector<std::vector<double>>& replicates) {
  if (!testable(fit) || replicates.size() < 2)
    return 0;
  const Matrix space = left_over(fit);
  const Matrix blocks = blocks_of(fit.residual, replicates, space);
  return solve_size(blocks.colwise().mean().transpose(), shrunk_covariance_of_mean(blocks),
                    space.transpose() * departures(fit.log_x) * space);
}

double misfit_size(const Linearised& fit, const Matrix& covariance) {
  if (!testable(fit))
    return 0;
  const Matrix space = left_over(fit);
  return solve_size(space.transpose() * residual_of(fit), space.transpose() * covariance * space,
                    space.transpose() * departures(fit.log_x) * space);
}

Matrix departures(const std::vector<double>& log_x) {
  const auto n = static_cast<Eigen::Index>(log_x.size());
  Matrix k(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      k(i, j) = std::exp2(-std::abs(log_x[static_cast<std::size_t>(i)] - log_x[static_cast<std::size_t>(j)]) /
                          (std::log(2.0) * alike_over));
  return k;
}

double misfit_error(const Linearised& fit, double tau) {
  return tau * std::sqrt(fit.row.dot(departures(fit.log_x) * fit.row));
}

} // namespace cascade::analysis
