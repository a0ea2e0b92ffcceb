#pragma once
// Is a mean vector zero? One p-value for all its components, with few blocks or many.

#include <Eigen/Core>

#include <cstddef>
#include <vector>

namespace cascade::analysis {

struct MeanTest {
  double t2 = 0;
  double expected_t2 = 0; ///< mean of t2 if the vector is zero: t2 over it is 1 in the mean
  double p_value = 1;
  int dimensions = 0;   ///< independent combinations tested; 0: nothing to test
  double shrinkage = 0; ///< weight of the target in the covariance; 0: the blocks' own
};

/// Are the rows of `blocks` (n independent blocks, p components) of mean zero?
///   T^2 = n m^T C^-1 m,   m their mean,   C = (1 - lambda) S + lambda (tr S/p) 1,   S their covariance.
/// From `plain_from` p blocks on (more than p anyway) lambda = 0, and F = (n - p)/(p (n - 1)) T^2 is distributed as
/// F_(p, n-p); combinations that coincide to 1e-10 are left out. With fewer, lambda is that of Chen et al. (the
/// Ledoit-Wolf weight for normal data, a function of tr S and tr S^2): components should then be of the same size. Its
/// null distribution is got by turning the blocks: normal rows of mean zero look the same after any rotation of R^n, so
/// that the share of random unit vectors u with T^2(X^T u/sqrt n) above the T^2 seen is an exact p-value for every n >=
/// 2, p and covariance. At most 1999 fixed directions, ended at the 50th excess (Besag and Clifford, Biometrika 78
/// (1991) 301): p >= 0.0005. Local. docs/theory.md (34f). References: T. W. Anderson, An Introduction to Multivariate
/// Statistical Analysis, section 5.2; Chen, Wiesel, Eldar, Hero, IEEE Trans. Signal Process. 58 (2010) 5016; Langsrud,
/// Statistics and Computing 15 (2005) 53.
MeanTest test_of_mean(const Eigen::MatrixXd& blocks, double plain_from);

/// The same for vectors differences[b], b a block, of very different spread: each component is divided by its own
/// first. Components should be of order one (relative differences). One that is zero to 1e-9 in all blocks is exact by
/// construction and left out. Plain from p + 1 blocks on.
MeanTest hotelling_of_mean(const std::vector<std::vector<double>>& differences);

/// Covariance of the mean of the rows, shrunk as test_of_mean() does with fewer blocks.
Eigen::MatrixXd shrunk_covariance_of_mean(const Eigen::MatrixXd& blocks);

/// At most `most` of `count` places, evenly spread, both ends included.
std::vector<std::size_t> evenly_spread(std::size_t count, std::size_t most);

} // namespace cascade::analysis
