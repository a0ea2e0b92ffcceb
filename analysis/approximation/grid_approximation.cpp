#include "analysis/approximation/grid_approximation.hpp"

#include <memory>

namespace cascade::analysis {
namespace {

using core::Index;

void append_degree(GridApproximation& result, const std::vector<core::BlockField>& blocks, const CellMaxima* depth,
                   const core::Communicator& communicator, int degree, const GridApproximationOptions& options) {
  const CellLosses losses(blocks, communicator, degree, PowerSums(options.loss_powers));
  UniformLossTables uniform(losses, depth);
  ThresholdTreeTables adaptive(losses, options.thresholds);
  for (Index b = 0; b < blocks.front().count(); ++b) {
    const auto of_block = losses.block(b);
    if (options.uniform)
      uniform.add_block(b, of_block, depth ? depth->block(b) : std::vector<std::vector<std::uint8_t>>());
    if (options.adaptive)
      adaptive.add_block(b, of_block);
  }
  const auto append = [](auto& to, auto from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  if (options.uniform)
    append(result.uniform, uniform.finish(communicator));
  if (options.adaptive)
    append(result.adaptive, adaptive.finish(communicator));
}

} // namespace

GridApproximation approximate_on_grid(const core::RealField& field, const core::ActiveDepth* active,
                                      const core::Communicator& communicator, const GridApproximationOptions& options) {
  const auto layout = DyadicGrid::block_layout(field.domain());
  std::vector<core::BlockField> blocks;
  for (int c = 0; c < field.components(); ++c)
    blocks.push_back(core::to_blocks(field, layout, communicator, c));
  std::optional<core::BlockDepth> depth_blocks;
  std::optional<CellMaxima> depth;
  if (active && options.uniform) {
    depth_blocks = core::to_blocks(*active, field.decomposition(), layout, communicator);
    depth.emplace(*depth_blocks, communicator);
  }
  GridApproximation result;
  for (const int degree : options.degrees)
    append_degree(result, blocks, depth ? &*depth : nullptr, communicator, degree, options);
  return result;
}

} // namespace cascade::analysis
