#pragma once
// A numerical method whose exponent is textbook: Monte Carlo quadrature.

#include "analysis/sums/block_table.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>

namespace cascade::analysis {

/// Mean squared errors of the quadrature of f(x) = prod_i (pi/2) sin(pi x_i) over the unit cube of D = `dimensions`
/// (integral 1) by means over n uniform points, n = fewest 2^j, j = 0 .. doublings. `repeats` independent quadratures
/// of each size, in 100 blocks (fewer when there are fewer repeats); x = n. The exact value is ((pi^2/8)^D - 1)/n: an
/// error of order 1/2, whatever D. Point i of repeat r at size j comes from block (r, i) of stream `measurement`, seed
/// mixed with j: the same table, bit for bit, at any rank count. Collective.
BlockTable monte_carlo_errors(int dimensions, std::int64_t fewest, std::int64_t doublings, std::int64_t repeats,
                              std::uint64_t seed, const core::Communicator& communicator);

} // namespace cascade::analysis
