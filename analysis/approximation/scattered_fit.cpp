#include "analysis/approximation/scattered_fit.hpp"

#include <Eigen/Cholesky>

#include <stdexcept>

namespace cascade::analysis {

std::size_t ScatteredFit::terms(int dimensions, int degree) {
  const auto d = static_cast<std::size_t>(dimensions);
  return degree == 0 ? 1 : degree == 1 ? d + 1 : (d + 1) * (d + 2) / 2;
}

ScatteredFit::ScatteredFit(int dimensions, int highest_degree, int points)
    : dimensions_(dimensions), degree_(highest_degree), points_(points),
      basis_(static_cast<Eigen::Index>(terms(dimensions, highest_degree)), points) {
  if (highest_degree < 0 || highest_degree > 2 || basis_.rows() >= points)
    throw std::invalid_argument("a polynomial needs more points than it has coefficients, and degree 0, 1 or 2");
}

void ScatteredFit::set_points(std::span<const double> u) {
  const Eigen::Map<const Eigen::MatrixXd> x(u.data(), dimensions_, points_);
  basis_.row(0).setOnes();
  if (degree_ >= 1)
    basis_.middleRows(1, dimensions_) = x;
  Eigen::Index row = 1 + dimensions_;
  for (int a = 0; degree_ >= 2 && a < dimensions_; ++a)
    for (int b = a; b < dimensions_; ++b, ++row)
      basis_.row(row) = (x.row(a).array() * x.row(b).array() - (a == b ? 1.0 / 3 : 0.0)).matrix();
  gram_.setZero(basis_.rows(), basis_.rows());
  gram_.selfadjointView<Eigen::Lower>().rankUpdate(basis_);
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(gram_);
  if (factor.info() != Eigen::Success)
    throw std::invalid_argument("the points of a cell lie in a hyperplane");
  factor.matrixL().solveInPlace(basis_);
}

void ScatteredFit::errors(std::span<const double> values, int degree, std::span<double> errors) const {
  // Copied into Eigen's own memory: where a reduction starts to use whole vectors depends on the address, and with it
  // the rounding.
  const Eigen::VectorXd f = Eigen::Map<const Eigen::VectorXd>(values.data(), points_);
  Eigen::Map<Eigen::VectorXd> e(errors.data(), points_);
  const auto q = basis_.topRows(static_cast<Eigen::Index>(terms(dimensions_, degree)));
  const Eigen::VectorXd centred = f.array() - f.mean(); // constants are in every basis: less to cancel
  const Eigen::VectorXd coefficients = q * centred;
  e = centred - q.transpose() * coefficients;
  e.array() /= 1 - q.colwise().squaredNorm().transpose().array();
}

} // namespace cascade::analysis
