#include "analysis/box_counting/cell_maxima.hpp"

#include <algorithm>

namespace cascade::analysis {
namespace {

using core::Index;
using Bytes = std::vector<std::uint8_t>;

/// Maxima over cells of `factor` entries a side of an array with `side` entries a side in D dimensions.
Bytes reduce(std::span<const std::uint8_t> from, int dimensions, Index side, Index factor) {
  const Index small = side / factor;
  const Index n0 = dimensions > 2 ? side : 1, n1 = dimensions > 1 ? side : 1;
  const Index f0 = dimensions > 2 ? factor : 1, f1 = dimensions > 1 ? factor : 1;
  Bytes to(static_cast<std::size_t>((n0 / f0) * (n1 / f1) * small), 0);
  for (Index i = 0; i < n0; ++i)
    for (Index j = 0; j < n1; ++j) {
      const std::uint8_t* row = from.data() + (i * n1 + j) * side;
      std::uint8_t* out = to.data() + ((i / f0) * (n1 / f1) + j / f1) * small;
      for (Index cell = 0; cell < small; ++cell, row += factor)
        for (Index k = 0; k < factor; ++k)
          out[cell] = std::max(out[cell], row[k]);
    }
  return to;
}

} // namespace

CellMaxima::CellMaxima(const core::BlockDepth& values, const core::Communicator& communicator)
    : values_(values), grid_(values.layout(), 1) {
  std::vector<std::int64_t> own;
  for (Index b = 0; b < values.count(); ++b) {
    const auto block = values.block(b);
    own.push_back(*std::max_element(block.begin(), block.end()));
  }
  const auto all = communicator.gather_all(std::span<const std::int64_t>(own));
  for (int level = 0; level < grid_.coarse_levels(); ++level) {
    Bytes& cells = coarse_.emplace_back(static_cast<std::size_t>(grid_.cells(level)), std::uint8_t{0});
    for (Index b = 0; b < grid_.layout().blocks(); ++b) {
      std::uint8_t& cell = cells[static_cast<std::size_t>(grid_.cell_of_block(b, level))];
      cell = std::max(cell, static_cast<std::uint8_t>(all[static_cast<std::size_t>(b)]));
    }
  }
}

std::vector<Bytes> CellMaxima::block(Index i) const {
  const int finest = grid_.levels() - 1;
  std::vector<Bytes> result(static_cast<std::size_t>(grid_.levels() - grid_.block_level()));
  Index side = grid_.layout().side() / grid_.side(finest); // cells a side within the block
  result.back() = reduce(values_.block(i), grid_.dimensions(), grid_.layout().side(), grid_.side(finest));
  for (std::size_t level = result.size() - 1; level > 0; --level, side /= 2)
    result[level - 1] = reduce(result[level], grid_.dimensions(), side, 2);
  return result;
}

} // namespace cascade::analysis
