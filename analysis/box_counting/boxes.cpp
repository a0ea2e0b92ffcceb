#include "analysis/box_counting/boxes.hpp"

#include "analysis/box_counting/gliding_boxes.hpp"
#include "analysis/sums/shifted_lines.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::Index;

/// Counts the cells whose maximum exceeds bound(level).
template <class Bound>
BlockTable count_boxes(const CellMaxima& maxima, const core::Communicator& communicator, Bound bound) {
  const DyadicGrid& grid = maxima.grid();
  const auto levels = static_cast<std::size_t>(grid.levels());
  const auto exceeds = [&](int level) { return [limit = bound(level)](std::uint8_t value) { return value > limit; }; };
  std::vector<double> own;
  for (Index b = 0; b < maxima.owned().end - maxima.owned().begin; ++b) {
    const auto block = maxima.block(b);
    for (std::size_t i = block.size(); i-- > 0;) // finest first: ascending x
      own.push_back(static_cast<double>(
          std::count_if(block[i].begin(), block[i].end(), exceeds(grid.block_level() + static_cast<int>(i)))));
    for (int level = grid.coarse_levels() - 1; level >= 0; --level) {
      const Index cell = grid.cell_of_block(maxima.owned().begin + b, level);
      const bool counts = exceeds(level)(maxima.coarse(level)[static_cast<std::size_t>(cell)]);
      own.push_back(counts ? 1.0 / static_cast<double>(grid.blocks_per_cell(level)) : 0.0);
    }
  }
  const auto all = communicator.gather_all(std::span<const double>(own));
  const auto blocks = static_cast<std::size_t>(grid.layout().blocks());
  BlockTable table;
  for (int level = grid.levels() - 1; level >= 0; --level)
    table.x.push_back(grid.length(level));
  table.weight.assign(blocks, std::vector<double>(levels, 1.0 / static_cast<double>(blocks)));
  table.count.assign(levels, 0.0);
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto row = all.begin() + static_cast<std::ptrdiff_t>(b * levels);
    table.sum.emplace_back(row, row + static_cast<std::ptrdiff_t>(levels));
    for (std::size_t i = 0; i < levels; ++i)
      table.count[i] += table.sum[b][i];
  }
  return table;
}

} // namespace

BlockTable count_active_boxes(const CellMaxima& depth, const core::Communicator& communicator) {
  depth.grid().layout().domain().require_cube("counting the alive cells of a tree");
  return count_boxes(depth, communicator, [](int level) { return level; });
}

BlockTable count_active_boxes(const core::ActiveDepth& depth, const core::Decomposition& decomposition,
                              const core::Communicator& communicator) {
  const auto layout = DyadicGrid::block_layout(decomposition.domain());
  const core::BlockDepth blocks = core::to_blocks(depth, decomposition, layout, communicator);
  return count_active_boxes(CellMaxima(blocks, communicator), communicator);
}

namespace {

/// The points whose square, square_of(i, j, k) at local indices, is above threshold^2 times the mean; missing values
/// (NaN) are in no set.
template <class SquareOf>
SetBits set_above(const core::RealField& field, const SquareOf& square_of, double threshold,
                  const core::Communicator& communicator) {
  SetBits set(field.decomposition(), field.rank());
  const auto points = static_cast<std::size_t>(field.domain().points(2));
  const auto for_each_line = [&](const auto& visit) {
    for (Index i = 0; !field.box().empty() && i < field.box().extent(0); ++i)
      for (Index j = 0; j < field.box().extent(1); ++j)
        visit(i, j);
  };
  core::ExactSum sum;
  std::int64_t present[] = {0};
  for_each_line([&](Index i, Index j) {
    for (std::size_t k = 0; k < points; ++k)
      if (const double value = square_of(i, j, k); std::isfinite(value)) {
        sum.add(value);
        ++present[0];
      }
  });
  communicator.sum(std::span(&sum, 1));
  communicator.sum(std::span<std::int64_t>(present));
  const double limit =
      threshold * threshold * (sum.value() / static_cast<double>(std::max<std::int64_t>(present[0], 1)));
  for_each_line([&](Index i, Index j) {
    const auto row = set.row(i, j);
    for (std::size_t k = 0; k < points; ++k)
      if (const double value = square_of(i, j, k); std::isfinite(value) && value > limit)
        row[k / 64] |= std::uint64_t{1} << (k % 64);
  });
  return set;
}

/// |grad f|^2 by forward differences, summed over the components; along an axis that is not periodic the last point has
/// none.
core::RealField squared_gradient(const core::RealField& field, const core::Communicator& communicator) {
  const core::Domain& domain = field.domain();
  core::RealField result(field.decomposition(), field.rank());
  std::fill(result.component(0).begin(), result.component(0).end(), 0.0);
  const Index n = domain.points(2);
  for (int c = 0; c < field.components(); ++c)
    for (int axis = domain.first_axis(); axis < 3; ++axis) {
      const double per_length = 1 / domain.spacing(axis);
      const auto add = [&](double& to, double from, double next) {
        const double slope = (next - from) * per_length;
        to += slope * slope;
      };
      if (axis < 2) {
        if (domain.points(axis) > 1)
          ShiftedLines(field, communicator, axis, 1).for_each(c, [&](Index i, Index j, auto here, auto there) {
            const auto to = result.line(0, i, j);
            for (std::size_t k = 0; k < to.size(); ++k)
              add(to[k], here[k], there[k]);
          });
        continue;
      }
      for (Index i = 0; !field.box().empty() && i < field.box().extent(0); ++i)
        for (Index j = 0; j < field.box().extent(1); ++j) {
          const auto line = field.line(c, i, j);
          const auto to = result.line(0, i, j);
          for (Index k = 0; k < (domain.periodic(2) ? n : n - 1); ++k)
            add(to[static_cast<std::size_t>(k)], line[static_cast<std::size_t>(k)],
                line[static_cast<std::size_t>((k + 1) % n)]);
        }
    }
  return result;
}

} // namespace

BlockTable count_threshold_boxes(const core::RealField& field, double threshold,
                                 const core::Communicator& communicator) {
  const auto square = [&](Index i, Index j, std::size_t k) {
    double norm = 0;
    for (int c = 0; c < field.components(); ++c) {
      const double value = field.line(c, i, j)[k];
      norm += value * value;
    }
    return norm;
  };
  return count_boxes_anywhere(set_above(field, square, threshold, communicator), communicator);
}

BlockTable count_gradient_boxes(const core::RealField& field, double threshold,
                                const core::Communicator& communicator) {
  const SetBits set = [&] {
    const core::RealField squares = squared_gradient(field, communicator);
    return set_above(
        squares, [&](Index i, Index j, std::size_t k) { return squares.line(0, i, j)[k]; }, threshold, communicator);
  }();
  return count_boxes_anywhere(set, communicator);
}

core::MemoryParts gradient_boxes_memory(const core::Decomposition& decomposition) {
  double points = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank)
    points = std::max(points, static_cast<double>(decomposition.real_box(rank).size()));
  return core::together({{"set of points", SetBits::memory(decomposition)}},
                        core::in_turn({{"squared gradient", sizeof(double) * points},
                                       {"lines of other ranks", ShiftedLines::message_bytes(decomposition)}},
                                      boxes_anywhere_memory(decomposition)));
}

core::MemoryParts active_boxes_memory(const core::Decomposition& decomposition) {
  const auto layout = DyadicGrid::block_layout(decomposition.domain());
  constexpr double levels = 2; // of a block's cells together, at most
  return {{"activity in blocks", layout.most_points(decomposition.ranks())},
          {"cells of a block", levels * static_cast<double>(layout.block_points())},
          {"messages of blocks", core::message_bytes(decomposition, 1)}};
}

core::MemoryParts threshold_boxes_memory(const core::Decomposition& decomposition) {
  return core::together({{"set of points", SetBits::memory(decomposition)}}, boxes_anywhere_memory(decomposition));
}

} // namespace cascade::analysis
