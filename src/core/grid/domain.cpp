#include "core/grid/domain.hpp"

#include "core/talk/errors.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace cascade::core {
namespace {

// Doubles on the rank with the largest share during a transform: real field, spectral field and exchange buffer, and
// the message space that fits into the spectral field from three planes a rank on only.
Index transform_memory(Index n, int rows, int columns) {
  const auto share = [](Index length, int parts) { return (length + parts - 1) / parts; };
  const Index modes = n / 2 + 1;
  const Index planes = share(n, rows), lines = share(n, columns), last = share(modes, columns);
  return planes * lines * n + 4 * planes * n * last + (planes < 3 ? 2 * (n * last + lines * modes) : 0);
}

// The grid that needs least memory; among equals the one with fewest neighbours.
std::pair<int, int> best_grid(const Domain& domain, int ranks) {
  const Index n = domain.points();
  std::pair<int, int> best{ranks, 1};
  if (domain.dimensions() < 3 || ranks <= n)
    return best;
  for (int rows = 1; rows < ranks; ++rows) {
    if (ranks % rows != 0)
      continue;
    const int columns = ranks / rows;
    const Index cost = transform_memory(n, rows, columns), lowest = transform_memory(n, best.first, best.second);
    if (cost < lowest || (cost == lowest && rows + columns < best.first + best.second))
      best = {rows, columns};
  }
  return best;
}

void check_ranks(int rows, int columns) {
  if (rows < 1 || columns < 1)
    throw Error(ExitCode::internal_failure, "a process grid needs at least one row and one column");
}

void keep_part(Box& box, std::size_t axis, Index parts, Index part) {
  const Range range = split_range(box.end[axis], parts, part);
  box.begin[axis] = range.begin;
  box.end[axis] = range.end;
}

} // namespace

Domain::Domain(int dimensions, Index points) : dimensions_(dimensions), points_(points) {
  if (dimensions < 1 || dimensions > 3)
    throw Error(ExitCode::bad_input, "a grid has 1, 2 or 3 dimensions, not " + std::to_string(dimensions));
  if (points < 1)
    throw Error(ExitCode::bad_input, "a grid needs at least one point a side, not " + std::to_string(points));
  Index bytes = 64; // headroom: several components of 8 bytes must stay countable, too
  for (int a = 0; a < dimensions; ++a)
    if (__builtin_mul_overflow(bytes, points, &bytes))
      throw Error(ExitCode::bad_input, std::to_string(points) + "^" + std::to_string(dimensions) +
                                           " points are too many for 64-bit byte counts");
}

Index3 Domain::shape() const {
  return {dimensions_ > 2 ? points_ : 1, dimensions_ > 1 ? points_ : 1, points_};
}

Index3 Domain::spectral_shape() const {
  Index3 result = shape();
  result[2] = points_ / 2 + 1;
  return result;
}

Index Domain::total_points() const {
  const Index3 s = shape();
  return s[0] * s[1] * s[2];
}

Box Box::intersect(const Box& other) const {
  Box result;
  for (std::size_t a = 0; a < 3; ++a) {
    result.begin[a] = std::max(begin[a], other.begin[a]);
    result.end[a] = std::max(result.begin[a], std::min(end[a], other.end[a]));
  }
  return result;
}

Range split_range(Index n, Index parts, Index part) {
  const Index share = n / parts;
  const Index larger = n % parts;
  const Index begin = part * share + std::min(part, larger);
  return {begin, begin + share + (part < larger ? 1 : 0)};
}

Index part_of(Index n, Index parts, Index index) {
  const Index share = n / parts;
  const Index larger = n % parts;
  const Index in_larger = larger * (share + 1);
  return index < in_larger ? index / (share + 1) : larger + (index - in_larger) / share;
}

Decomposition::Decomposition(const Domain& domain, int ranks) : domain_(domain), rows_(ranks), columns_(1) {
  check_ranks(ranks, 1);
  std::tie(rows_, columns_) = best_grid(domain, ranks);
}

Decomposition::Decomposition(const Domain& domain, int rows, int columns)
    : domain_(domain), rows_(rows), columns_(columns) {
  check_ranks(rows, columns);
}

Box Decomposition::real_box(int rank) const {
  Box box{{0, 0, 0}, domain_.shape()};
  if (domain_.dimensions() == 3) {
    keep_part(box, 0, rows_, rank / columns_);
    keep_part(box, 1, columns_, rank % columns_);
  } else if (domain_.dimensions() == 2) {
    keep_part(box, 1, ranks(), rank);
  } else if (rank != 0) {
    box.end[2] = 0;
  }
  return box;
}

Box Decomposition::spectral_box(int rank) const {
  Box box{{0, 0, 0}, domain_.spectral_shape()};
  if (domain_.dimensions() == 3) {
    keep_part(box, 1, rows_, rank / columns_);
    keep_part(box, 2, columns_, rank % columns_);
  } else if (domain_.dimensions() == 2) {
    keep_part(box, 2, ranks(), rank);
  } else if (rank != 0) {
    box.end[2] = 0;
  }
  return box;
}

int Decomposition::line_owner(Index i, Index j) const {
  const Index n = domain_.points();
  if (domain_.dimensions() == 3)
    return static_cast<int>(part_of(n, rows_, i) * columns_ + part_of(n, columns_, j));
  return domain_.dimensions() == 2 ? static_cast<int>(part_of(n, ranks(), j)) : 0;
}

} // namespace cascade::core
