#include "analysis/approximation/grid_uniform.hpp"

#include <cmath>

namespace cascade::analysis {

using core::Index;

UniformLossTables::UniformLossTables(const CellLosses& losses, const CellMaxima* depth)
    : losses_(losses), depth_(depth) {
  if (depth)
    depth->grid().layout().domain().require_cube("an average over the alive cells of a tree");
}

void UniformLossTables::add_cell(Sums& sums, const double* cell, double points, bool alive) const {
  if (!std::isfinite(cell[0])) // a value is missing in it
    return;
  for (std::size_t q = 0; q < losses_.powers().size(); ++q) {
    sums.volume[q] += cell[q];
    if (alive)
      sums.active[q] += cell[q];
  }
  sums.volume_points += points;
  sums.active_points += alive ? points : 0;
}

void UniformLossTables::append(const Sums& sums) {
  rows_.insert(rows_.end(), sums.volume.begin(), sums.volume.end());
  rows_.insert(rows_.end(), sums.active.begin(), sums.active.end());
  rows_.push_back(sums.volume_points);
  rows_.push_back(sums.active_points);
}

void UniformLossTables::add_block(Index i, const std::vector<std::vector<double>>& losses,
                                  const std::vector<std::vector<std::uint8_t>>& depth) {
  const DyadicGrid& grid = losses_.grid();
  const std::size_t nq = losses_.powers().size();
  for (int level = grid.levels() - 1; level >= first_level(); --level) {
    Sums sums{std::vector<double>(nq, 0.0), std::vector<double>(nq, 0.0)};
    const auto points = static_cast<double>(grid.points_per_cell(level));
    const auto within = static_cast<std::size_t>(level - grid.block_level());
    if (level >= grid.block_level()) {
      for (std::size_t cell = 0; cell < losses[within].size() / nq; ++cell)
        add_cell(sums, losses[within].data() + cell * nq, points, depth_ && depth[within][cell] > level);
    } else if (const Index block = losses_.owned().begin + i; grid.holds_first_point(block, level)) {
      const auto cell = static_cast<std::size_t>(grid.cell_of_block(block, level));
      add_cell(sums, losses_.coarse(level).data() + cell * nq, points, depth_ && depth_->coarse(level)[cell] > level);
    }
    append(sums);
  }
}

std::vector<UniformLoss> UniformLossTables::finish(const core::Communicator& communicator) const {
  const DyadicGrid& grid = losses_.grid();
  const auto levels = static_cast<std::size_t>(std::max(grid.levels() - first_level(), 0));
  const auto blocks = static_cast<std::size_t>(grid.layout().blocks());
  const std::size_t nq = losses_.powers().size(), width = 2 * nq + 2;
  const auto all = communicator.gather_all(std::span<const double>(rows_));

  BlockTable empty;
  for (int level = grid.levels() - 1; level >= first_level(); --level)
    empty.x.push_back(grid.length(level));
  empty.sum.assign(blocks, std::vector<double>(levels, 0.0));
  empty.weight = empty.sum;
  empty.count.assign(levels, 0.0);

  std::vector<UniformLoss> result;
  for (std::size_t q = 0; q < nq; ++q) {
    UniformLoss loss{losses_.degree(), losses_.powers().orders()[q], empty,
                     depth_ ? std::optional<BlockTable>(empty) : std::nullopt};
    const auto fill = [&](BlockTable& table, std::size_t sum_at, std::size_t weight_at) {
      for (std::size_t b = 0; b < blocks; ++b)
        for (std::size_t i = 0; i < levels; ++i) {
          const double* row = all.data() + (b * levels + i) * width;
          table.sum[b][i] = row[sum_at];
          table.weight[b][i] = row[weight_at];
          table.count[i] += row[weight_at];
        }
    };
    fill(loss.volume, q, 2 * nq);
    if (loss.active)
      fill(*loss.active, nq + q, 2 * nq + 1);
    result.push_back(std::move(loss));
  }
  return result;
}

} // namespace cascade::analysis
