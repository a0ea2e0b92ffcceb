#include "analysis/algebra/decompositions.hpp"

#include <Eigen/LU>
#include <Eigen/QR>

namespace cascade::analysis {

Eigen::VectorXd least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  return a.colPivHouseholderQr().solve(b);
}

Eigen::MatrixXd least_squares(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return a.colPivHouseholderQr().solve(b);
}

Eigen::VectorXd full_rank_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(a).solve(b);
}

Eigen::MatrixXd orthonormal(const Eigen::MatrixXd& a, Eigen::Index columns) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(a).householderQ() * Eigen::MatrixXd::Identity(a.rows(), columns);
}

Eigen::VectorXd symmetric_solve(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  return a.ldlt().solve(b);
}

Eigen::MatrixXd symmetric_solve(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return a.ldlt().solve(b);
}

Eigen::MatrixXd inverse(const Eigen::MatrixXd& a) {
  return a.inverse();
}

SmallMatrix inverse(const SmallMatrix& a) {
  return a.fullPivLu().inverse();
}

SmallMatrix solve(const SmallMatrix& a, const SmallMatrix& b) {
  return a.fullPivLu().solve(b);
}

PositiveFactor::PositiveFactor(const Eigen::MatrixXd& a) : factor_(a) {}

Eigen::VectorXd PositiveFactor::solve(const Eigen::VectorXd& b) const {
  return factor_.solve(b);
}

Eigen::MatrixXd PositiveFactor::solve(const Eigen::MatrixXd& b) const {
  return factor_.solve(b);
}

double PositiveFactor::half_log_determinant() const {
  return factor_.matrixLLT().diagonal().array().log().sum();
}

} // namespace cascade::analysis
