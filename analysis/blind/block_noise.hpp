#pragma once
// How much more than Gaussian noise the energies of bands carry, from their scatter between blocks of space.

#include "analysis/sums/block_table.hpp"

#include <Eigen/Dense>

namespace cascade::analysis {

/// How the blocks of a table lie: realisation by realisation, each per_side^dimensions blocks, row-major, periodic.
struct BlockGrid {
  int dimensions;
  int per_side;
  Eigen::Index realisations;
  Eigen::Index count() const;
};

/// X(i, b) = (sum_ib - mean_i weight_ib) blocks / sum over b of sum_ib: what block b does to log(mean of point i),
/// times the number of blocks. Rows: the points `first` to `last` - 1 of the table.
Eigen::MatrixXd block_influences(const BlockTable& table, std::size_t first, std::size_t last);

/// Covariance of the two means whose block influences are x and y, neighbouring blocks being correlated:
///   sum_b (x_b y'_b + y_b x'_b)/2 / blocks^2 / (1 - 2^D/blocks),
/// x' = x smoothed with weights 1/2, 1, 1/2 along every axis (a Bartlett window two blocks wide: W. K. Newey, K. D.
/// West, Econometrica 55 (1987) 703). A variance is at least half of what it would be without the neighbours.
double hac_covariance(const Eigen::VectorXd& x, const Eigen::VectorXd& y, const BlockGrid& grid);
double hac_variance(const Eigen::VectorXd& x, const BlockGrid& grid);

/// Own noise of bands, as a factor on that of a Gaussian field. Energies of an intermittent field share the luck of the
/// largest eddies, which moves all scales together and no exponent; what they have each for itself is, on all cascades
/// tried, the Gaussian variance times a factor that falls smoothly with scale. So the covariance of the log energies
/// is, up to a part common to all scales, diag(factor_i gaussian_i), and the variance of the difference of two of them
/// is the sum of two such terms. That is fitted: ln factor = a + b ln k by least squares to
///   ln [ hac_variance(X_i - X_j) / (g_i c_i + g_j c_j) ],  j = i + 1 and i + 2,
/// g = gaussian, c = 1 - .3 (2.7/max(w, 1))^.6 what blocks see of a band with w waves a block side (from Gaussian
/// fields in D = 1, 2, 3). Outside the fitted range the factor stays what it is at the range's end; it is at least
/// `floor`. influences: rows = resolved bands, smallest scale first; wavenumbers of all bands, the resolved ones first.
/// Fewer than three resolved bands: no excess is seen, all factors are 1.
Eigen::VectorXd own_noise(const Eigen::MatrixXd& influences, const Eigen::VectorXd& gaussian,
                          const Eigen::VectorXd& wavenumbers, const BlockGrid& grid, double floor);

/// Degrees of freedom of a standard error taken from blocks with these influences: 2 blocks/(kurtosis - 1), at least 2.
double block_freedom(const Eigen::VectorXd& influences);

} // namespace cascade::analysis
