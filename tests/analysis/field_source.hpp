#pragma once
// Cascades as sampling estimators see them, and what brute force says of the same trees.

#include "analysis/structure_function/tree.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "support/same_bits.hpp"

#include <cmath>
#include <vector>

namespace cascade::test {

struct CascadeCase {
  int D;
  double d, h;
  int levels;
};

inline core::PointSource source_of(const CascadeCase& c, std::uint64_t seed = 1) {
  solvers::BetaCascadeParameters p;
  p.embedding_dimension = c.D;
  p.dimension = c.d;
  p.hurst = c.h;
  const solvers::BetaCascade generator(p, seed);
  return
      [generator, levels = c.levels](int tree) { return generator.sample(static_cast<std::uint64_t>(tree), levels); };
}

/// Corners of all alive cells of level 0..deepest, by enumeration; [level][cell][axis].
inline std::vector<std::vector<std::vector<core::Coordinate>>> alive_cells(const core::ActiveTree& tree, int deepest) {
  struct Cell {
    core::Block key;
    std::vector<core::Coordinate> corner;
  };
  const auto D = static_cast<std::size_t>(tree.dimensions());
  const std::size_t children = std::size_t{1} << D;
  std::vector<Cell> cells{{tree.root(), std::vector<core::Coordinate>(D, 0)}};
  std::vector<std::vector<std::vector<core::Coordinate>>> result(static_cast<std::size_t>(deepest) + 1);
  std::vector<core::Block> keys(children);
  std::vector<std::uint8_t> alive(children);
  for (int level = 0; level <= deepest; ++level) {
    std::vector<Cell> next;
    for (const Cell& cell : cells) {
      result[static_cast<std::size_t>(level)].push_back(cell.corner);
      tree.children(cell.key, keys, alive);
      for (std::size_t c = 0; c < children; ++c)
        if (alive[c] != 0) {
          Cell child{keys[c], cell.corner};
          for (std::size_t a = 0; a < D; ++a)
            child.corner[a] += static_cast<core::Coordinate>(c >> a & 1) << (63 - level);
          next.push_back(std::move(child));
        }
    }
    cells = std::move(next);
  }
  return result;
}

/// Every number of a table in one row.
inline void append_table(const analysis::BlockTable& t, std::vector<double>& all) {
  const auto put = [&](const std::vector<double>& v) { all.insert(all.end(), v.begin(), v.end()); };
  put(t.x);
  put(t.count);
  for (std::size_t b = 0; b < t.blocks(); ++b) {
    put(t.sum[b]);
    put(t.weight[b]);
  }
}

} // namespace cascade::test
