#include "analysis/fit/hotelling.hpp"

#include <Eigen/Dense>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double exact = 1e-9, coincident = 1e-10;

/// Rows: blocks. Only the components that are not exact by construction.
Matrix uncertain(const std::vector<std::vector<double>>& differences) {
  const auto n = static_cast<Eigen::Index>(differences.size());
  Matrix kept(n, 0);
  for (std::size_t i = 0; n > 0 && i < differences.front().size(); ++i) {
    Vector column(n);
    for (Eigen::Index b = 0; b < n; ++b)
      column(b) = differences[static_cast<std::size_t>(b)][i];
    if (column.cwiseAbs().maxCoeff() < exact)
      continue;
    kept.conservativeResize(n, kept.cols() + 1);
    kept.col(kept.cols() - 1) = column;
  }
  return kept;
}

} // namespace

MeanTest hotelling_of_mean(const std::vector<std::vector<double>>& differences) {
  MeanTest test;
  Matrix d = uncertain(differences);
  const auto n = static_cast<double>(d.rows());
  if (d.cols() == 0 || d.rows() <= d.cols())
    return test;
  Vector mean = d.colwise().mean();
  d.rowwise() -= mean.transpose();
  for (Eigen::Index i = 0; i < d.cols(); ++i) { // correlations instead of covariances: scales of very different spread
    const double sigma = std::sqrt(d.col(i).squaredNorm() / (n - 1));
    if (!(sigma > exact * std::abs(mean(i)))) { // wrong by the same amount in every block
      test.dimensions = 1;
      test.p_value = 0;
      test.t2 = std::numeric_limits<double>::infinity();
      return test;
    }
    d.col(i) /= sigma;
    mean(i) /= sigma;
  }
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(d.transpose() * d / (n - 1));
  const Vector along = eigen.eigenvectors().transpose() * mean;
  for (Eigen::Index i = 0; i < d.cols(); ++i)
    if (eigen.eigenvalues()(i) > coincident) {
      test.t2 += n * along(i) * along(i) / eigen.eigenvalues()(i);
      ++test.dimensions;
    }
  const double p = test.dimensions;
  test.p_value = gsl_cdf_fdist_Q(test.t2 * (n - p) / (p * (n - 1)), p, n - p);
  return test;
}

std::vector<std::size_t> evenly_spread(std::size_t count, std::size_t most) {
  std::vector<std::size_t> places;
  const std::size_t chosen = std::min(count, most);
  for (std::size_t i = 0; i < chosen; ++i)
    places.push_back(chosen == 1 ? 0 : (i * (count - 1) + (chosen - 1) / 2) / (chosen - 1));
  return places;
}

} // namespace cascade::analysis
