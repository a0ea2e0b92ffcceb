#pragma once
// Dense linear systems by Eigen, compiled once: its decompositions are templates, and in each unit that names one they
// take more time to compile than what they are used for.

#include "analysis/algebra/picked.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace cascade::analysis {

/// x of the smallest |a x - b|, column by column of b: QR with column pivoting, dependent columns of a get 0.
Eigen::VectorXd least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);
Eigen::MatrixXd least_squares(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
/// The same by QR without pivoting, for columns known to be independent.
Eigen::VectorXd full_rank_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

/// The first `columns` of orthonormal vectors that begin with a basis of a's columns (a has no more than `columns`).
Eigen::MatrixXd orthonormal(const Eigen::MatrixXd& a, Eigen::Index columns);

/// a^-1 b of a symmetric matrix (LDL^T: its lower half is read).
Eigen::VectorXd symmetric_solve(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);
Eigen::MatrixXd symmetric_solve(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

/// a^-1 by LU with row pivoting; of small ones with full pivoting, also a^-1 b.
Eigen::MatrixXd inverse(const Eigen::MatrixXd& a);
SmallMatrix inverse(const SmallMatrix& a);
SmallMatrix solve(const SmallMatrix& a, const SmallMatrix& b);

/// L L^T of a symmetric matrix, whose lower half is read.
class PositiveFactor {
public:
  explicit PositiveFactor(const Eigen::MatrixXd& a);
  bool positive_definite() const { return factor_.info() == Eigen::Success; } ///< else nothing below means anything
  Eigen::VectorXd solve(const Eigen::VectorXd& b) const;
  Eigen::MatrixXd solve(const Eigen::MatrixXd& b) const;
  double half_log_determinant() const; ///< log |a| / 2

private:
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

} // namespace cascade::analysis
