#include "analysis/approximation/cell_losses.hpp"

#include <algorithm>

namespace cascade::analysis {
namespace {

using core::Box;
using core::Index;
using core::Index3;

constexpr Index piece_points = 4096; // residuals are made and summed while they are in the nearest cache

/// Calls visit(part) for pieces of at most piece_points points, in row-major order.
template <class Visit>
void for_each_piece(const Index3& extent, Visit visit) {
  const Index depth = std::min(extent[2], piece_points);
  const Index rows = std::clamp(piece_points / depth, Index{1}, extent[1]);
  const Index planes = rows < extent[1] ? 1 : std::clamp(piece_points / (depth * rows), Index{1}, extent[0]);
  for (Index i = 0; i < extent[0]; i += planes)
    for (Index j = 0; j < extent[1]; j += rows)
      for (Index k = 0; k < extent[2]; k += depth)
        visit(Box{{i, j, k},
                  {std::min(i + planes, extent[0]), std::min(j + rows, extent[1]), std::min(k + depth, extent[2])}});
}

Index3 cube(int dimensions, Index side) {
  return {dimensions > 2 ? side : 1, dimensions > 1 ? side : 1, side};
}

} // namespace

CellLosses::CellLosses(std::span<const core::BlockField> components, const core::Communicator& communicator, int degree,
                       const PowerSums& powers)
    : components_(components), grid_(components.front().layout(), std::max(2, degree + 2)),
      fit_(grid_.dimensions(), degree), powers_(powers) {
  for (int level = grid_.block_level(); level < grid_.levels(); ++level)
    bases_.push_back(region_basis(grid_.dimensions(), degree, grid_.side(level), {0, 0, 0},
                                  cube(grid_.dimensions(), grid_.side(level))));
  make_coarse(communicator);
}

Region CellLosses::region(std::size_t component, Index block, const Index3& first, Index side) const {
  const Index3 shape = grid_.layout().block_shape();
  const double* data = components_[component].block(block).data();
  return {data + (first[0] * shape[1] + first[1]) * shape[2] + first[2], cube(grid_.dimensions(), side),
          shape[1] * shape[2], shape[2]};
}

void CellLosses::add_losses(std::span<const Region> regions, const RegionBasis& basis, const double* coefficients,
                            std::span<double> sums) const {
  double residual[piece_points];
  if (regions.size() == 1) {
    for_each_piece(regions[0].extent, [&](const Box& part) {
      fit_.residual(regions[0], basis, coefficients, part, residual);
      powers_.add({residual, static_cast<std::size_t>(part.size())}, sums);
    });
    return;
  }
  double squares[piece_points];
  for_each_piece(regions[0].extent, [&](const Box& part) {
    const auto count = static_cast<std::size_t>(part.size());
    std::fill_n(squares, count, 0.0);
    for (std::size_t c = 0; c < regions.size(); ++c) {
      fit_.residual(regions[c], basis, coefficients + c * static_cast<std::size_t>(fit_.terms()), part, residual);
      for (std::size_t i = 0; i < count; ++i)
        squares[i] += residual[i] * residual[i];
    }
    powers_.add_squares({squares, count}, sums);
  });
}

// parts: [block][level][width] of all blocks -> [cell][width], the blocks of a cell added in their order.
std::vector<double> CellLosses::combine(const std::vector<double>& parts, int level, std::size_t width) const {
  std::vector<double> result(static_cast<std::size_t>(grid_.cells(level)) * width, 0.0);
  const auto levels = static_cast<std::size_t>(grid_.coarse_levels());
  for (Index b = 0; b < grid_.layout().blocks(); ++b) {
    const double* from =
        parts.data() + (static_cast<std::size_t>(b) * levels + static_cast<std::size_t>(level)) * width;
    double* to = result.data() + static_cast<std::size_t>(grid_.cell_of_block(b, level)) * width;
    for (std::size_t i = 0; i < width; ++i)
      to[i] += from[i];
  }
  return result;
}

// Two passes over the own blocks: projections on the polynomials of the large cells, then, these known, the losses.
void CellLosses::make_coarse(const core::Communicator& communicator) {
  const int levels = grid_.coarse_levels();
  const auto terms = static_cast<std::size_t>(fit_.terms());
  const std::size_t width = components_.size() * terms;
  const Index own = components_.front().count(), first = components_.front().owned().begin;
  const auto at = [&](Index block, int level, std::size_t size) {
    return static_cast<std::size_t>(block * levels + level) * size;
  };
  const auto basis_of = [&](Index block, int level) {
    return region_basis(grid_.dimensions(), fit_.degree(), grid_.side(level),
                        grid_.offset_in_cell(first + block, level), grid_.layout().block_shape());
  };
  const auto regions_of = [&](Index block) {
    std::vector<Region> regions;
    for (std::size_t c = 0; c < components_.size(); ++c)
      regions.push_back(region(c, block, {0, 0, 0}, grid_.layout().side()));
    return regions;
  };

  std::vector<double> projections(at(own, 0, width), 0.0), sums(at(own, 0, powers_.size()), 0.0);
  for (Index b = 0; b < own; ++b)
    for (int level = 0; level < levels; ++level) {
      const RegionBasis basis = basis_of(b, level);
      const auto regions = regions_of(b);
      for (std::size_t c = 0; c < regions.size(); ++c)
        fit_.project(regions[c], basis, projections.data() + at(b, level, width) + c * terms);
    }
  const auto all_projections = communicator.gather_all(std::span<const double>(projections));
  std::vector<std::vector<double>> coefficients;
  for (int level = 0; level < levels; ++level)
    coefficients.push_back(combine(all_projections, level, width));

  for (Index b = 0; b < own; ++b)
    for (int level = 0; level < levels; ++level) {
      const auto cell = static_cast<std::size_t>(grid_.cell_of_block(first + b, level));
      add_losses(regions_of(b), basis_of(b, level), coefficients[static_cast<std::size_t>(level)].data() + cell * width,
                 std::span(sums).subspan(at(b, level, powers_.size()), powers_.size()));
    }
  const auto all_sums = communicator.gather_all(std::span<const double>(sums));
  for (int level = 0; level < levels; ++level)
    coarse_.push_back(combine(all_sums, level, powers_.size()));
}

std::vector<double> CellLosses::level_losses(Index block, int level) const {
  const RegionBasis& basis = bases_[static_cast<std::size_t>(level - grid_.block_level())];
  const Index side = grid_.side(level);
  const Index3 shape = grid_.layout().block_shape();
  const std::size_t terms = static_cast<std::size_t>(fit_.terms()), nq = powers_.size();
  std::vector<double> sums(static_cast<std::size_t>(grid_.layout().block_points() / grid_.points_per_cell(level)) * nq,
                           0.0);
  std::vector<double> coefficients(components_.size() * terms);
  std::vector<Region> regions(components_.size());
  std::size_t cell = 0;
  for (Index i = 0; i < shape[0]; i += side)
    for (Index j = 0; j < shape[1]; j += side)
      for (Index k = 0; k < shape[2]; k += side, ++cell) {
        std::fill(coefficients.begin(), coefficients.end(), 0.0);
        for (std::size_t c = 0; c < regions.size(); ++c) {
          regions[c] = region(c, block, {i, j, k}, side);
          fit_.project(regions[c], basis, coefficients.data() + c * terms);
        }
        add_losses(regions, basis, coefficients.data(), std::span(sums).subspan(cell * nq, nq));
      }
  return sums;
}

std::vector<std::vector<double>> CellLosses::block(Index i) const {
  std::vector<std::vector<double>> result;
  for (int level = grid_.block_level(); level < grid_.levels(); ++level)
    result.push_back(level_losses(i, level));
  return result;
}

} // namespace cascade::analysis
