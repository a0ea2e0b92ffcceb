#pragma once
// The plain way to what the grid estimators compute: dense least squares on one cell, cells as lists of points.

#include "analysis/box_counting/dyadic_grid.hpp"
#include "analysis/sums/block_table.hpp"
#include "tests/analysis/grid_test_fields.hpp"

#include <Eigen/Dense>

#include <cmath>
#include <vector>

namespace cascade::test {

/// A cell of 2^level a side, by its position.
struct OracleCell {
  int level;
  core::Index3 origin;
};

class CellOracle {
public:
  /// `whole`: a field on one rank; root: points a side of the largest cells, 0 for a cube's own.
  explicit CellOracle(const core::RealField& whole, core::Index root = 0)
      : field_(whole), domain_(whole.domain()), root_(root > 0 ? root : domain_.points()) {}

  core::Index side(int level) const { return root_ >> level; }
  /// Level of the cells whose side is the length x.
  int level_of(double x) const {
    double volume = 1;
    for (int axis = domain_.first_axis(); axis < 3; ++axis)
      volume *= static_cast<double>(root_) * domain_.spacing(axis);
    return static_cast<int>(std::lround(std::log2(volume) / domain_.dimensions() - std::log2(x)));
  }

  /// In row-major order, those that fit the box.
  std::vector<OracleCell> cells(int level) const {
    std::vector<OracleCell> result;
    const core::Index s = side(level);
    const auto starts = [&](int axis) { // of the cells along an axis
      std::vector<core::Index> at{0};
      while (axis >= domain_.first_axis() && at.back() + s < domain_.points(axis) / root_ * root_)
        at.push_back(at.back() + s);
      return at;
    };
    for (const core::Index i : starts(0))
      for (const core::Index j : starts(1))
        for (const core::Index k : starts(2))
          result.push_back({level, {i, j, k}});
    return result;
  }

  std::vector<OracleCell> children(const OracleCell& cell) const {
    std::vector<OracleCell> result;
    const core::Index half = side(cell.level + 1);
    const int d = domain_.dimensions();
    for (core::Index a = 0; a < (d > 2 ? 2 : 1); ++a)
      for (core::Index b = 0; b < (d > 1 ? 2 : 1); ++b)
        for (core::Index c = 0; c < 2; ++c)
          result.push_back(
              {cell.level + 1, {cell.origin[0] + a * half, cell.origin[1] + b * half, cell.origin[2] + c * half}});
    return result;
  }

  std::vector<core::Index3> points(const OracleCell& cell) const {
    std::vector<core::Index3> result;
    const core::Index s = side(cell.level);
    const int d = domain_.dimensions();
    for (core::Index a = 0; a < (d > 2 ? s : 1); ++a)
      for (core::Index b = 0; b < (d > 1 ? s : 1); ++b)
        for (core::Index c = 0; c < s; ++c)
          result.push_back({cell.origin[0] + a, cell.origin[1] + b, cell.origin[2] + c});
    return result;
  }

  /// Sum over the cell's points of |f - P|^q, P by Householder QR on monomials of total degree <= degree.
  double loss(const OracleCell& cell, int degree, double q) const {
    const auto all = points(cell);
    const auto rows = static_cast<Eigen::Index>(all.size());
    std::vector<std::array<int, 3>> powers;
    const int d = domain_.dimensions();
    for (int a = 0; a <= (d > 2 ? degree : 0); ++a)
      for (int b = 0; b <= (d > 1 ? degree - a : 0); ++b)
        for (int c = 0; c <= degree - a - b; ++c)
          powers.push_back({a, b, c});
    Eigen::MatrixXd basis(rows, static_cast<Eigen::Index>(powers.size()));
    Eigen::MatrixXd values(rows, field_.components());
    for (Eigen::Index r = 0; r < rows; ++r) {
      const core::Index3& p = all[static_cast<std::size_t>(r)];
      for (std::size_t t = 0; t < powers.size(); ++t) {
        double value = 1;
        for (std::size_t axis = 0; axis < 3; ++axis)
          value *=
              std::pow(static_cast<double>(p[axis] - cell.origin[axis]) / static_cast<double>(side(cell.level)) - 0.5,
                       powers[t][axis]);
        basis(r, static_cast<Eigen::Index>(t)) = value;
      }
      for (int c = 0; c < field_.components(); ++c)
        values(r, c) = field_.component(c)[static_cast<std::size_t>(flat(domain_, p))];
    }
    const Eigen::MatrixXd residual = values - basis * basis.householderQr().solve(values);
    double sum = 0;
    for (Eigen::Index r = 0; r < rows; ++r)
      sum += std::pow(residual.row(r).norm(), q);
    return sum;
  }

  /// Number of the block (of the layout) that holds a point.
  static std::size_t block_of(const core::BlockLayout& layout, const core::Index3& p) {
    const core::Index3 shape = layout.block_shape();
    return static_cast<std::size_t>((p[0] / shape[0] * layout.along(1) + p[1] / shape[1]) * layout.along(2) +
                                    p[2] / shape[2]);
  }

private:
  const core::RealField& field_;
  core::Domain domain_;
  core::Index root_;
};

/// A depth that belongs to a tree: level-l cells alive by a hash of the cell, the root always.
inline std::uint8_t tree_depth(const core::Domain& domain, const core::Index3& i, double alive, int levels) {
  std::uint8_t depth = 1;
  for (int level = 1; level < levels && domain.points() % (core::Index{1} << level) == 0; ++level, ++depth) {
    const core::Index s = domain.points() >> level;
    std::uint64_t cell = static_cast<std::uint64_t>(level);
    for (int a = domain.first_axis(); a < 3; ++a)
      cell = cell * 1024 + static_cast<std::uint64_t>(i[static_cast<std::size_t>(a)] / s);
    const core::Block bits = core::CounterRng(77, core::Stream{1}).block(cell);
    if (core::uniform(bits[0], bits[1]) > alive)
      break;
  }
  return depth;
}

inline core::ActiveDepth make_depth(const core::Decomposition& decomposition, int rank, double alive, int levels) {
  const core::Box box = decomposition.real_box(rank);
  core::ActiveDepth depth;
  for (core::Index i = box.begin[0]; i < box.end[0]; ++i)
    for (core::Index j = box.begin[1]; j < box.end[1]; ++j)
      for (core::Index k = box.begin[2]; k < box.end[2]; ++k)
        depth.push_back(tree_depth(decomposition.domain(), {i, j, k}, alive, levels));
  return depth;
}

inline bool same_bits(const analysis::BlockTable& a, const analysis::BlockTable& b) {
  return a.x == b.x && a.sum == b.sum && a.weight == b.weight && a.count == b.count;
}

} // namespace cascade::test
