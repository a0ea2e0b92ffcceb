#pragma once
// A numerical method whose exponent is textbook: second-order finite differences for a Poisson problem.

#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// -Laplace u = f in the unit cube of D = 1, 2, 3 dimensions, u = 0 on its faces, with
///   u(x) = prod_i g(x_i),   g(t) = t (1 - t) e^t,
/// a smooth function that is no eigenfunction. Centred differences on n cells a side, (n - 1)^D unknowns, solved
/// exactly by the discrete sine transform along each axis. The error is that of the method alone: order 2 in 1/n, so
/// 2/D in the number of unknowns; docs/theory.md (4).
struct PoissonError {
  std::int64_t cells = 0;      ///< a side
  double unknowns = 0;         ///< N = (n - 1)^D
  double root_mean_square = 0; ///< of u_n - u over the cube, zero on its faces
};
PoissonError poisson_error(int dimensions, std::int64_t cells);

/// Grids of coarsest, 2 coarsest, ... cells a side, as long as there are at most `most_points` unknowns (and 2048
/// cells).
std::vector<PoissonError> poisson_errors(int dimensions, std::int64_t coarsest, std::int64_t most_points);

/// What that takes. Local.
core::MemoryParts poisson_memory(int dimensions, std::int64_t coarsest, std::int64_t most_points);

/// The order from the two finest pairs of grids, error = c n^-a (1 + e/n^2): Richardson's elimination of e, and the
/// correction it made as the uncertainty.
struct Order {
  double value = 0, uncertainty = 0;
};
Order observed_order(const std::vector<PoissonError>& errors);

} // namespace cascade::analysis
