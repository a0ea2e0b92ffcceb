#pragma once
// Least-squares polynomials on cells of a grid: projection and residual.

#include "core/grid/domain.hpp"
#include "theory/gaussian/gram_basis.hpp"

#include <array>
#include <vector>

namespace cascade::analysis {

/// A box of grid points inside an array whose last axis is contiguous: a cell, or the part of a cell one block holds.
struct Region {
  const double* data;
  core::Index3 extent;
  core::Index stride0, stride1; ///< from one point to the next along axes 0 and 1
};

/// Values of the one-dimensional Gram polynomials at the region's points, axis by axis: value of g_d at point i of axis
/// a is axis[a][d * extent + i]. Axes the domain does not have hold the single value 1.
struct RegionBasis {
  std::array<std::vector<double>, 3> axis;
};

/// The region [offset, offset + extent) of a cell of `side` points a side.
RegionBasis region_basis(int dimensions, int degree, core::Index side, const core::Index3& offset,
                         const core::Index3& extent);

/// Polynomial of total degree <= degree (0, 1 or 2) in D variables, P(x) = sum_t c_t prod_a g_(t_a)(x_a). Immutable,
/// local.
class CellFit {
public:
  static constexpr int highest_degree = 2;
  CellFit(int dimensions, int degree);
  int terms() const { return static_cast<int>(terms_.size()); } ///< (D + k)! / (D! k!)
  int degree() const { return degree_; }
  /// coefficients[t] += sum over the region of f prod_a g_(t_a): complete when all parts of the cell have been added.
  void project(const Region& region, const RegionBasis& basis, double* coefficients) const;
  /// residual[i] = f - P at the points of `part`, a box in the region's own indices, row-major.
  void residual(const Region& region, const RegionBasis& basis, const double* coefficients, const core::Box& part,
                double* residual) const;

private:
  int degree_;
  std::vector<std::array<int, 3>> terms_;
};

} // namespace cascade::analysis
