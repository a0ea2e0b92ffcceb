#include "analysis/sums/tree_descent.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

using core::Coordinate;

std::uint32_t DrawStream::bits() {
  if (used_ == 4) {
    block_ = rng_.block(index_, sub_++);
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

TreeDescent::TreeDescent(const core::ActiveTree& tree)
    : tree_(tree), keys_(std::size_t{1} << tree.dimensions()), alive_(std::size_t{1} << tree.dimensions()) {}

core::MemoryParts TreeDescent::memory(int dimensions) {
  return {{"children of a cell", std::exp2(dimensions) * (sizeof(core::Block) + 1)}};
}

void TreeDescent::child_corner(std::vector<Coordinate>& corner, int level, int child) {
  for (std::size_t a = 0; a < corner.size(); ++a)
    corner[a] |= static_cast<Coordinate>(child >> a & 1) << (63 - level);
}

void TreeDescent::walk(DrawStream& stream, int limit) {
  const int children = static_cast<int>(keys_.size());
  nodes_.resize(static_cast<std::size_t>(limit) + 1);
  core::Block key = tree_.root();
  nodes_[0] = Node{};
  nodes_[0].corner.assign(static_cast<std::size_t>(tree_.dimensions()), 0);
  for (int level = 0;; ++level) {
    reached_ = level;
    Node& here = nodes_[static_cast<std::size_t>(level)];
    tree_.children(key, keys_, alive_);
    const int count = static_cast<int>(std::count(alive_.begin(), alive_.end(), 1));
    here.dead_fraction = static_cast<double>(children - count) / children;
    const std::uint32_t alive_choice = stream.bits(), dead_choice = stream.bits();
    const auto nth = [&](std::uint8_t kind, int n) {
      int c = 0;
      while (alive_[static_cast<std::size_t>(c)] != kind || n-- > 0)
        ++c;
      return c;
    };
    here.dead_child =
        count < children
            ? nth(0, static_cast<int>(core::uniform_below(dead_choice, static_cast<std::uint32_t>(children - count))))
            : -1;
    if (level == limit || count == 0)
      return;
    const int child = nth(1, static_cast<int>(core::uniform_below(alive_choice, static_cast<std::uint32_t>(count))));
    Node& next = nodes_[static_cast<std::size_t>(level) + 1];
    next.corner = here.corner;
    child_corner(next.corner, level, child);
    next.count_weight = here.count_weight * count;
    next.volume_weight = here.volume_weight * count / children;
    key = keys_[static_cast<std::size_t>(child)];
  }
}

Place alive_place(const TreeDescent& walk, int scale) {
  if (scale > walk.reached())
    return {};
  const auto& node = walk.node(scale);
  return {node.corner, scale, node.volume_weight};
}

Place dead_place(const TreeDescent& walk, int scale, DrawStream& stream) {
  // pi_i = (1/j + 2^-(j-i) / (1 - 2^-j)) / 2 for i = 0..j-1
  const bool geometric = (stream.bits() >> 31) != 0;
  int i = 0;
  if (geometric) {
    const double u = core::uniform(stream.bits(), stream.bits()) * (1 - std::exp2(-scale));
    i = scale - 1 - std::min(scale - 1, static_cast<int>(-std::log2(1 - u)));
  } else {
    i = static_cast<int>(stream.below(static_cast<std::uint32_t>(scale)));
  }
  const double probability = 0.5 / scale + 0.5 * std::exp2(i - scale) / (1 - std::exp2(-scale));
  if (i > walk.reached() || walk.node(i).dead_child < 0)
    return {};
  const auto& node = walk.node(i);
  Place place{node.corner, i + 1, node.volume_weight * node.dead_fraction / probability};
  TreeDescent::child_corner(place.corner, i, node.dead_child);
  return place;
}

void random_point(const std::vector<Coordinate>& corner, int level, DrawStream& stream, Coordinate* point) {
  for (std::size_t a = 0; a < corner.size(); ++a)
    point[a] = corner[a] + (level < 64 ? stream.wide() >> level : 0);
}

} // namespace cascade::analysis
