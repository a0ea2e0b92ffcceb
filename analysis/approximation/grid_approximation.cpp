#include "analysis/approximation/grid_approximation.hpp"

#include <cmath>
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

core::MemoryParts grid_approximation_memory(const core::Decomposition& decomposition, int components, bool active,
                                            const GridApproximationOptions& options) {
  const auto layout = DyadicGrid::block_layout(decomposition.domain());
  const double points = layout.most_points(decomposition.ranks()),
               in_a_block = static_cast<double>(layout.block_points()), blocks = points / in_a_block,
               powers = static_cast<double>(options.loss_powers.size());
  constexpr double number = sizeof(double);
  const double coarser_levels = 1 / (1 - std::exp2(-decomposition.domain().dimensions())),
               cells = std::exp2(-decomposition.domain().dimensions()) * coarser_levels *
                       in_a_block; // of two points a side
  core::MemoryParts parts{{"field in blocks", number * components * points},
                          {"losses of the cells of a block", number * cells * (powers + (options.adaptive ? 2 : 0))},
                          {"messages of blocks", core::message_bytes(decomposition, sizeof(double))}};
  if (options.adaptive)
    parts.push_back({"leaves by threshold", powers * ThresholdTreeTables::bytes_of_blocks(blocks)});
  if (active)
    parts.push_back({"activity in blocks", points});
  return parts;
}

} // namespace cascade::analysis
