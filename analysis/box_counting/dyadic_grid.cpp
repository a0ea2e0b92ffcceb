#include "analysis/box_counting/dyadic_grid.hpp"

#include "analysis/sums/grid_blocks.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <numeric>

namespace cascade::analysis {
namespace {

using core::Domain;
using core::Index;
using core::Index3;

constexpr Index most_roots = 16; // for every block wanted

int halvings(Index n) {
  return std::countr_zero(static_cast<std::uint64_t>(n));
}

/// Whole cubes of `side` points along each axis; 1 on axes that are not there.
Index3 cubes_along(const Domain& domain, Index side) {
  Index3 result{1, 1, 1};
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    result[static_cast<std::size_t>(axis)] = domain.points(axis) / side;
  return result;
}

int shortest_axis(const Domain& domain) {
  int shortest = 2;
  for (int axis = domain.first_axis(); axis < 2; ++axis)
    if (domain.points(axis) < domain.points(shortest))
      shortest = axis;
  return shortest;
}

/// How many sides S, S/2, ... down to the last whole halving a fit may take: two points and more, a quarter of the box
/// and less.
int useful_sides(Index root, Index shortest) {
  int count = 0;
  for (Index side = root; side >= 2; side /= 2) {
    count += 4 * side <= shortest ? 1 : 0;
    if (side % 2 != 0)
      break;
  }
  return count;
}

Index wanted_blocks(const Domain& domain) {
  Index wanted = 1;
  for (int a = 0; a < domain.dimensions(); ++a)
    wanted *= GridBlocks::wanted(domain.dimensions());
  return wanted;
}

Index root_side_for(const Domain& domain) {
  const Index shortest = domain.points(shortest_axis(domain));
  const auto covered = [&](Index side) { // share of the points
    double share = 1;
    for (int axis = domain.first_axis(); axis < 3; ++axis)
      share *= static_cast<double>(domain.points(axis) / side * side) / static_cast<double>(domain.points(axis));
    return share;
  };
  const Index3 once = cubes_along(domain, shortest);
  constexpr Index small = 64; // too few points for exponents: nothing is left out
  if (once[0] * once[1] * once[2] == 1 && covered(shortest) == 1 && shortest < small)
    return shortest;
  // No side can do better than all halvings of a quarter of the box, of all points: a plan of a large grid asks often.
  const auto all_halvings = static_cast<Index>(std::bit_width(static_cast<std::uint64_t>(shortest)));
  const auto most = static_cast<double>(shortest >= small ? all_halvings - 3 : shortest);
  Index best = shortest;
  double highest = 0;
  for (Index side = shortest; side >= 1 && highest < most; --side) {
    const Index3 roots = cubes_along(domain, side);
    if (shortest >= small && roots[0] * roots[1] * roots[2] > most_roots * wanted_blocks(domain))
      break;
    const double score = (shortest >= small ? useful_sides(side, shortest) : halvings(side) + 1) * covered(side);
    if (score > highest) {
      highest = score;
      best = side;
    }
  }
  return best;
}

} // namespace

DyadicGrid::DyadicGrid(const core::BlockLayout& layout, Index smallest_side) : layout_(layout) {
  Index common = layout.along(2);
  for (int axis = layout.domain().first_axis(); axis < 2; ++axis)
    common = std::gcd(common, layout.along(axis));
  block_level_ = halvings(common);
  while ((root_side() >> levels_) << levels_ == root_side() && (root_side() >> levels_) >= smallest_side)
    ++levels_;
}

core::BlockLayout DyadicGrid::block_layout(const Domain& domain) {
  const Index root = root_side_for(domain);
  const Index3 roots = cubes_along(domain, root);
  const Index wanted = wanted_blocks(domain);
  const Index number = roots[0] * roots[1] * roots[2];
  if (const int axis = shortest_axis(domain); number > most_roots * wanted)
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("axis {} has {} points, too few beside the others for cubic cells (they would be {} "
                                  "cubes of {} points a side); leave out box counting and approximation for this field",
                                  Domain::axis_name(axis), domain.points(axis), number, root));
  int level = std::min(1, halvings(root)); // a root of several blocks is known to all ranks
  while (number << (domain.dimensions() * level) < wanted && level < halvings(root))
    ++level;
  Index3 blocks = roots;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    blocks[static_cast<std::size_t>(axis)] <<= level;
  return {domain, root >> level, blocks};
}

double DyadicGrid::length(int level) const {
  const Domain& domain = layout_.domain();
  if (domain.cube())
    return root_side() == domain.points(2) ? std::ldexp(domain.length(2), -level)
                                           : static_cast<double>(side(level)) * domain.spacing(2);
  double volume = 1;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    volume *= static_cast<double>(side(level)) * domain.spacing(axis);
  return std::pow(volume, 1.0 / domain.dimensions());
}

Index DyadicGrid::cell_of_block(Index block, int level) const {
  const Index3 origin = layout_.origin(block);
  Index cell = 0;
  for (int a = 3 - dimensions(); a < 3; ++a)
    cell = cell * (layout_.along(a) >> (block_level_ - level)) + origin[static_cast<std::size_t>(a)] / side(level);
  return cell;
}

Index3 DyadicGrid::offset_in_cell(Index block, int level) const {
  Index3 offset = layout_.origin(block);
  for (Index& i : offset)
    i %= side(level);
  return offset;
}

bool DyadicGrid::holds_first_point(Index block, int level) const {
  return offset_in_cell(block, level) == Index3{0, 0, 0};
}

Index parent_cell(int dimensions, int level, Index cell) {
  Index parent = 0;
  for (int a = dimensions - 1; a >= 0; --a) { // axis by axis, the slowest first
    const Index i = cell >> (a * level) & ((Index{1} << level) - 1);
    parent = parent << (level - 1) | i >> 1;
  }
  return parent;
}

} // namespace cascade::analysis
