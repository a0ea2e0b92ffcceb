#pragma once
// What least-squares polynomials on cells leave of a stationary Gaussian field, position by position.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace cascade::solvers {

/// Variance of the residual at position x of a cell of s^D grid points,
///   v(x) = [(1 - H) C (1 - H)^T]_xx = C(0) - 2 sum_a g_a(x) G_a(x) + sum_(a,b) g_a(x) g_b(x) <g_a, G_b>,
/// g_a the cell's Gram polynomials of total degree <= k (H = sum_a g_a g_a^T), C(r) = sum_k P(k) exp(2 pi i k.r) the
/// covariance, G_a = C * g_a by one inverse transform of P times the transform of g_a, which is a product of
/// one-dimensional ones. Results: means over the cell of v^(q/2); docs/theory.md (31), (34b).
/// Cells that are small beside the box need C at small separations only: those are gathered, and each such cell is
/// worked out on a box of twice its side by every rank. Larger ones use the field's own distributed grid.
struct ResidualMoments {
  /// (side in points, degree) -> mean of v^(q/2) for each q; NaN where v is lost in roundoff beside C(0).
  std::map<std::pair<core::Index, int>, std::vector<double>> mean;
};

/// P(k) of the coarse grid's wave k = (k0, k1, k2), as the grid sees it (folded waves added).
using GridPower = std::function<double(core::Index k0, core::Index k1, core::Index k2)>;

/// All dyadic sides n/2, n/4, ... that divide n and have at least max(2, degree + 2) points, degrees 0 ..
/// highest_degree. Collective; equal on all ranks, same bits at any rank count. Memory: three fields' share.
ResidualMoments residual_moments(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                 const GridPower& power, int highest_degree, const std::vector<double>& powers);

/// What that takes on the rank that needs most. Local.
core::MemoryParts residual_moments_memory(const core::Decomposition& decomposition, int highest_degree);

} // namespace cascade::solvers
