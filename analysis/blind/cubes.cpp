#include "analysis/blind/cubes.hpp"

#include "analysis/blind/band_pass.hpp"

#include <algorithm>

namespace cascade::analysis {
namespace {

using core::Index;

core::Domain open_cube(int dimensions, Index side) {
  return core::Domain(core::Axes(static_cast<std::size_t>(dimensions), core::GridAxis{side, 1, false}));
}

/// Every number of the tables, in an order of their own.
void append_numbers(const BandTables& tables, std::vector<double>& out) {
  const auto add = [&](const BlockTable& table) {
    for (std::size_t b = 0; b < table.sum.size(); ++b) {
      out.insert(out.end(), table.sum[b].begin(), table.sum[b].end());
      out.insert(out.end(), table.weight[b].begin(), table.weight[b].end());
    }
  };
  add(tables.energy);
  for (const BlockTable& moment : tables.moments)
    add(moment);
}

BlockTable table_from(const std::vector<double>& x, double points, std::size_t blocks, const double*& next) {
  BlockTable table;
  table.x = x;
  table.count.assign(x.size(), points);
  const auto row = [&] {
    const std::vector<double> values(next, next + x.size());
    next += x.size();
    return values;
  };
  for (std::size_t b = 0; b < blocks; ++b) {
    table.sum.push_back(row());
    table.weight.push_back(row());
  }
  return table;
}

} // namespace

core::BlockLayout cube_layout(const core::Domain& domain) {
  Index side = domain.points(2);
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    side = std::min(side, domain.points(axis));
  core::Index3 cubes{1, 1, 1};
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    cubes[static_cast<std::size_t>(axis)] = domain.points(axis) / side;
  return {domain, side, cubes};
}

BandTables band_tables_of_cubes(const core::RealField& field, const BandLayout& layout,
                                const core::Communicator& communicator) {
  const core::BlockLayout cubes = cube_layout(field.domain());
  const core::Communicator self = core::Communicator::self();
  std::vector<core::BlockField> components;
  for (int c = 0; c < field.components(); ++c)
    components.push_back(core::to_blocks(field, cubes, communicator, c));
  std::vector<double> own;
  const core::Decomposition alone(open_cube(field.domain().dimensions(), cubes.side()), 1);
  for (Index i = 0; i < components.front().count(); ++i) {
    core::RealField cube(alone, 0, field.components());
    for (int c = 0; c < field.components(); ++c) {
      const auto from = components[static_cast<std::size_t>(c)].block(i);
      std::copy(from.begin(), from.end(), cube.component(c).begin());
    }
    append_numbers(band_tables(cube, layout, self), own);
  }
  const std::vector<double> all = communicator.gather_all(std::span<const double>(own));
  std::vector<double> shells, wavelets;
  for (std::size_t j = 0; j < layout.bins().count(); ++j)
    shells.push_back(1 / layout.bins()[j].wavenumber);
  for (const double k : layout.wavelets())
    wavelets.push_back(1 / k);
  const auto points = static_cast<double>(cubes.block_points());
  BandTables tables;
  const double* next = all.data();
  for (Index cube = 0; cube < cubes.blocks(); ++cube) {
    BandTables one;
    one.energy = table_from(shells, points, layout.blocks(), next);
    for (std::size_t q = 0; q < layout.orders().size(); ++q)
      one.moments.push_back(table_from(wavelets, points, layout.blocks(), next));
    if (cube == 0)
      tables = std::move(one);
    else
      tables.append(one);
  }
  return tables;
}

core::MemoryParts cubes_memory(const core::Decomposition& decomposition, int components) {
  const core::BlockLayout cubes = cube_layout(decomposition.domain());
  return {{"cubes of the field", sizeof(double) * components * cubes.most_points(decomposition.ranks())},
          {"a cube", sizeof(double) * components * static_cast<double>(cubes.block_points())},
          {"messages of blocks", core::message_bytes(decomposition, sizeof(double))}};
}

} // namespace cascade::analysis
