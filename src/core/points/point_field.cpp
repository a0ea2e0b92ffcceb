#include "core/points/point_field.hpp"

namespace cascade::core {

void PointField::evaluate_lattice(std::span<const Coordinate> corner, int level, int m,
                                  std::span<const Coordinate> offset, std::span<double> values) const {
  const auto d = static_cast<std::size_t>(dimensions());
  std::vector<Coordinate> axis(d * static_cast<std::size_t>(m));
  lattice_coordinates(corner, level, m, offset, axis);
  std::vector<Coordinate> points(values.size() * d);
  for (std::size_t n = 0; n < values.size(); ++n) {
    std::size_t rest = n;
    for (std::size_t a = d; a-- > 0; rest /= static_cast<std::size_t>(m))
      points[n * d + a] = axis[a * static_cast<std::size_t>(m) + rest % static_cast<std::size_t>(m)];
  }
  evaluate(points, values);
}

void PointField::evaluate_cell(std::span<const Coordinate> corner, int level, int m, std::span<const Coordinate> offset,
                               std::span<double> values, std::span<const Coordinate> points,
                               std::span<double> at_points) const {
  evaluate_lattice(corner, level, m, offset, values);
  evaluate(points, at_points);
}

void lattice_coordinates(std::span<const Coordinate> corner, int level, int m, std::span<const Coordinate> offset,
                         std::span<Coordinate> axis) {
  // (i 2^64 + offset)/m rounded down, with 2^64 = step m + rest: nothing is lost, and nothing wider than 64 bits
  // divided (a division of 128 bits a point was a tenth of a descent).
  const auto count = static_cast<std::uint64_t>(m);
  const std::uint64_t step = (~std::uint64_t{0} - (count - 1)) / count + 1, rest = 0 - step * count;
  for (std::size_t a = 0; a < corner.size(); ++a) {
    const std::uint64_t whole = offset[a] / count, part = offset[a] % count;
    for (std::uint64_t i = 0; i < count; ++i) {
      const Coordinate fraction = i * step + whole + (i * rest + part) / count;
      axis[a * count + i] = corner[a] + (level < 64 ? fraction >> level : 0);
    }
  }
}

} // namespace cascade::core
