#pragma once
// Does a measured curve agree with its exact expectation? One p-value for all its scales.

#include <cstddef>
#include <vector>

namespace cascade::analysis {

struct MeanTest {
  double t2 = 0;
  double p_value = 1;
  int dimensions = 0; ///< independent combinations of scales tested; 0: nothing to test
};

/// Hotelling's one-sample T^2: are vectors differences[b] (one an independent block, p components) of mean zero?
///   T^2 = n m^T S^-1 m,   F = (n - p)/(p (n - 1)) T^2,   P(F_(p, n-p) > F),
/// m their mean, S their covariance: the scales of one field are correlated, and S says how. Components should be of
/// order one (relative differences). A component that is zero to 1e-9 in all blocks is exact by construction and left
/// out, as are combinations of scales that coincide to 1e-10. Needs n > p. docs/theory.md (34f). Local. Reference: T.
/// W. Anderson, An Introduction to Multivariate Statistical Analysis, section 5.2.
MeanTest hotelling_of_mean(const std::vector<std::vector<double>>& differences);

/// At most `most` of `count` places, evenly spread, both ends included.
std::vector<std::size_t> evenly_spread(std::size_t count, std::size_t most);

} // namespace cascade::analysis
