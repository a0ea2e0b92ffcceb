#pragma once
// Intrinsic dimension of a cloud from distances of neighbours.

#include "analysis/neighbours/neighbours.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// One estimate of d with its standard error: delete-one jackknife over 32 parts of the cloud that are compact in
/// space, so that the neighbourhoods that points share are inside a part. The error holds chance alone; the bias of
/// every estimator at high d is beside it (expected_on_spheres).
struct DimensionEstimate {
  double value = 0, standard_error = 0;
  std::int64_t points = 0; ///< n behind it
  std::int64_t order = 0;  ///< k of mle, outer neighbour of gride and correlation; 2 of TwoNN
  double scale = 0;        ///< mean distance of that neighbour
};

/// What the estimators take, T_j being the distance of the j-th neighbour:
///   two_nn:      mu = T_2/T_1 sorted, the largest tenth left out, least squares through 0 of -ln(1 - i/n) on ln mu;
///   two_nn_ml:   (n - 1)/sum ln mu, maximum likelihood of the same law (unbiased);
///                both E. Facco, M. d'Errico, A. Rodriguez, A. Laio, Sci. Rep. 7 (2017) 12140;
///   mle:         1/mean over points of mean_(j<k) ln(T_k/T_j), E. Levina, P. Bickel, NIPS 2004, averaged as by D.
///                MacKay and Z. Ghahramani (2005);
///   gride:       maximum likelihood from mu = T_2m/T_m, of density d (mu^d - 1)^(m-1) mu^(-(2m-1)d-1)/B(m, m), F.
///   Denti
///                et al., Sci. Rep. 12 (2022) 20005;
///   correlation: slope of ln C(r) between the median distances of neighbours 10 and 20, C the share of pairs nearer
///                than r, P. Grassberger, I. Procaccia, Physica D 9 (1983) 189.
/// `parts`: of each point (space_blocks). Neighbours with distance 0 must not be there. Local.
DimensionEstimate two_nn(const Neighbours& near, const std::vector<int>& parts);
DimensionEstimate two_nn_ml(const Neighbours& near, const std::vector<int>& parts);
DimensionEstimate levina_bickel(const Neighbours& near, std::int64_t k, const std::vector<int>& parts);
DimensionEstimate gride(const Neighbours& near, std::int64_t m, const std::vector<int>& parts);
/// Collective.
DimensionEstimate correlation_dimension(const core::PointCloud& cloud, const Neighbours& near,
                                        const std::vector<int>& parts, const core::Communicator& communicator);

/// d(x) = ln 2/ln(T_2k/T_k), A. Farahmand, C. Szepesvari, J.-Y. Audibert, ICML 2007: quantiles 10, 50, 90% over points.
std::array<double, 3> local_dimension(const Neighbours& near, std::int64_t k);

inline const std::vector<std::string> dimension_estimators{"two_nn", "two_nn_ml", "mle", "correlation", "gride"};
inline constexpr std::int64_t correlation_inner = 10, correlation_outer = 20;

} // namespace cascade::analysis
