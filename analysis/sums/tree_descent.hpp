#pragma once
// Random walks down the tree of alive cells, and what their weights mean.

#include "core/points/point_field.hpp"
#include "core/random/random.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <vector>

namespace cascade::analysis {

/// Choices made by sampling estimators: never correlated with the field.
inline constexpr core::Stream sampling_draws{3};

/// What draws are made for: two estimators that look at the same draw of the same tree see other numbers. Below 256;
/// each estimator names its own where it draws, and a test refuses a number given to two.
struct DrawPurpose {
  std::uint32_t number;
};

/// A family of draws: the same walks for whoever makes them.
struct Descents {
  DrawPurpose purpose;
  std::int64_t chunk; ///< draws that are summed together
};

/// The walks that lead to cells of scattered points: the fits on them and the counts of them share the walks.
inline constexpr DrawPurpose scattered_cell_draws{3};
inline constexpr Descents scattered_descents{scattered_cell_draws, 8};

/// The random numbers of one draw: a pure function of (seed, tree, draw, purpose), read one after the other.
class DrawStream {
public:
  DrawStream(std::uint64_t seed, std::uint64_t tree, std::uint64_t draw, DrawPurpose purpose)
      : rng_(seed, sampling_draws), index_(tree << 40 | draw), sub_(purpose.number << 24) {}
  std::uint32_t bits();
  std::uint64_t wide() { return static_cast<std::uint64_t>(bits()) << 32 | bits(); }
  std::uint32_t below(std::uint32_t n) { return core::uniform_below(bits(), n); }

private:
  core::CounterRng rng_;
  std::uint64_t index_;
  std::uint32_t sub_;
  core::Block block_{};
  int used_ = 4;
};

/// A walk from the root to a uniformly chosen alive child, again and again (Knuth, Math. Comp. 29 (1975) 122).
/// For any function g of an alive cell of level j, with c_l the number of alive children met at step l,
///     E[ prod_(l<j) c_l g(cell) ] = sum over alive cells of level j of g,      so  g = 1 counts them: N_j,
/// and prod_(l<j) c_l / 2^D is the weight that makes the walk a uniform draw from the volume. A walk that finds no
/// alive child has weight zero below. The estimator knows only the tree, never the dimension of the set.
/// docs/theory.md, "Counting cells by descent".
class TreeDescent {
public:
  struct Node {
    std::vector<core::Coordinate> corner; ///< of the cell, one a dimension
    double count_weight = 1;              ///< prod_(l<level) c_l
    double volume_weight = 1;             ///< prod_(l<level) c_l / 2^D
    double dead_fraction = 0;             ///< (2^D - c)/2^D of this cell's own children
    int dead_child = -1;                  ///< a uniformly chosen dead child, -1 if all are alive
  };

  explicit TreeDescent(const core::ActiveTree& tree);
  /// Walks to level `limit` or to extinction. nodes()[l] is the cell of level l, l = 0..reached().
  void walk(DrawStream& stream, int limit);
  /// What one walks with. Local.
  static core::MemoryParts memory(int dimensions);
  int reached() const { return reached_; }
  const Node& node(int level) const { return nodes_[static_cast<std::size_t>(level)]; }
  /// Corner of child `child` of a cell of level `level`.
  static void child_corner(std::vector<core::Coordinate>& corner, int level, int child);

private:
  const core::ActiveTree& tree_;
  std::vector<Node> nodes_;
  std::vector<core::Block> keys_;
  std::vector<std::uint8_t> alive_;
  int reached_ = 0;
};

/// A place drawn from the volume for scale j: either in the alive cell of level j of the walk, or in a dead cell met
/// above it. Summing weight * observable over both kinds and averaging over walks gives the volume average without bias
/// (docs/theory.md, "Pairs and cells without bias").
struct Place {
  std::vector<core::Coordinate> corner; ///< of the cell of level `level`
  int level = 0;                        ///< of that cell: j if alive, at most j if dead
  double weight = 0;                    ///< 0: nothing there, skip
};
Place alive_place(const TreeDescent& walk, int scale);
/// Draws the depth i < j at which the place dies with probability pi_i (half uniform, half geometric towards j, so that
/// both the many small contributions and the few large ones near j are met), and divides by it.
Place dead_place(const TreeDescent& walk, int scale, DrawStream& stream);

/// corner + a uniformly random offset inside a cell of this level.
void random_point(const std::vector<core::Coordinate>& corner, int level, DrawStream& stream, core::Coordinate* point);

} // namespace cascade::analysis
