#include "core/domain.hpp"

#include "core/errors.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace cascade::core {
namespace {

// The grid with the smallest largest share (real and spectral together); among equals the one with fewest neighbours.
std::pair<int, int> best_grid(const Domain& domain, int ranks) {
  const Index n = domain.points();
  if (domain.dimensions() < 3 || ranks <= n)
    return {ranks, 1};
  const auto share = [](Index length, int parts) { return (length + parts - 1) / parts; };
  std::pair<int, int> best{ranks, 1};
  Index lowest = -1;
  for (int rows = 1; rows <= ranks; ++rows) {
    if (ranks % rows != 0)
      continue;
    const int columns = ranks / rows;
    const Index cost = share(n, rows) * (share(n, columns) + 2 * share(n / 2 + 1, columns));
    if (lowest < 0 || cost < lowest || (cost == lowest && rows + columns < best.first + best.second)) {
      lowest = cost;
      best = {rows, columns};
    }
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

} // namespace cascade::core
