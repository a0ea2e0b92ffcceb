#include "core/grid/domain.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>

namespace cascade::core {
namespace {

// Doubles on the rank with the largest share during a transform: real field, spectral field and exchange buffer, and
// the message space that fits into the spectral field from three planes a rank on only.
Index transform_memory(const Domain& domain, int rows, int columns) {
  const auto share = [](Index length, int parts) { return (length + parts - 1) / parts; };
  const Index3 n = domain.shape();
  const Index modes = domain.spectral_shape()[2];
  const Index planes = share(n[0], rows), lines = share(n[1], columns), last = share(modes, columns);
  return planes * lines * n[2] + 2 * (n[0] * share(n[1], rows) + planes * n[1]) * last +
         (planes < 3 ? 2 * (n[1] * last + lines * modes) : 0);
}

// The grid that needs least memory; among equals the one with fewest neighbours.
std::pair<int, int> best_grid(const Domain& domain, int ranks) {
  std::pair<int, int> best{ranks, 1};
  if (domain.dimensions() < 3 || ranks <= std::min(domain.points(0), domain.points(1)))
    return best;
  for (int rows = 1; rows < ranks; ++rows) {
    if (ranks % rows != 0)
      continue;
    const int columns = ranks / rows;
    const Index cost = transform_memory(domain, rows, columns),
                lowest = transform_memory(domain, best.first, best.second);
    if (cost < lowest || (cost == lowest && rows + columns < best.first + best.second))
      best = {rows, columns};
  }
  return best;
}

std::size_t checked_dimensions(Index dimensions) {
  if (dimensions < 1 || dimensions > 3)
    throw Error(ExitCode::bad_input, fmt::format("a grid has 1, 2 or 3 dimensions, not {}", dimensions));
  return static_cast<std::size_t>(dimensions);
}

/// "24 x 20 x 18"
std::string points_text(const Domain& domain) {
  std::string text = std::to_string(domain.points(domain.first_axis()));
  for (int axis = domain.first_axis() + 1; axis < 3; ++axis)
    text += " x " + std::to_string(domain.points(axis));
  return text;
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

Domain::Domain(int dimensions, Index points) : Domain(Axes(checked_dimensions(dimensions), GridAxis{points})) {}

Domain::Domain(const Axes& axes) : dimensions_(static_cast<int>(checked_dimensions(static_cast<Index>(axes.size())))) {
  std::copy(axes.begin(), axes.end(), axes_.begin() + first_axis());
  Index bytes = 64; // headroom: several components of 8 bytes must stay countable, too
  for (int axis = first_axis(); axis < 3; ++axis) {
    if (points(axis) < 1)
      throw Error(ExitCode::bad_input, fmt::format("a grid needs at least one point a side, not {} along axis {}",
                                                   points(axis), axis_name(axis)));
    if (!(length(axis) > 0) || !std::isfinite(length(axis)))
      throw Error(ExitCode::bad_input, fmt::format("the length of axis {} must be positive and finite, not {}",
                                                   axis_name(axis), length(axis)));
    if (__builtin_mul_overflow(bytes, points(axis), &bytes))
      throw Error(ExitCode::bad_input, points_text(*this) + " points are too many for 64-bit byte counts");
  }
}

Index3 Domain::spectral_shape() const {
  return {points(0), points(1), points(2) / 2 + 1};
}

Index Domain::total_points() const {
  return points(0) * points(1) * points(2);
}

double Domain::longest() const {
  double result = 0;
  for (int axis = first_axis(); axis < 3; ++axis)
    result = std::max(result, length(axis));
  return result;
}

const char* Domain::axis_name(int axis) {
  constexpr std::array<const char*, 3> names{"z", "y", "x"};
  return names[static_cast<std::size_t>(axis)];
}

int Domain::uneven_axis() const {
  for (int axis = first_axis(); axis < 2; ++axis)
    if (points(axis) != points(2) || length(axis) != length(2))
      return axis;
  return -1;
}

Index Domain::points() const {
  require_cube("what counts points a side");
  return points(2);
}

double Domain::spacing() const {
  require_cube("what has one spacing for all axes");
  return spacing(2);
}

void Domain::require_cube(const std::string& what) const {
  if (const int axis = uneven_axis(); axis >= 0)
    throw Error(
        ExitCode::bad_input,
        fmt::format("{} needs a cube: axis {} has {} points on a length of {}, axis x {} on {}; cut the field to "
                    "a cube, or leave this out",
                    what, axis_name(axis), points(axis), length(axis), points(2), length(2)));
}

void Domain::require_periodic(const std::string& what) const {
  for (int axis = first_axis(); axis < 3; ++axis)
    if (!periodic(axis))
      throw Error(ExitCode::bad_input, fmt::format("{} needs a periodic box, and axis {} is not periodic; leave it out "
                                                   "for this field",
                                                   what, axis_name(axis)));
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
  if (domain_.dimensions() == 3)
    return static_cast<int>(part_of(domain_.points(0), rows_, i) * columns_ + part_of(domain_.points(1), columns_, j));
  return domain_.dimensions() == 2 ? static_cast<int>(part_of(domain_.points(1), ranks(), j)) : 0;
}

} // namespace cascade::core
