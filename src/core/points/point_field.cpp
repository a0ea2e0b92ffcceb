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

void lattice_coordinates(std::span<const Coordinate> corner, int level, int m, std::span<const Coordinate> offset,
                         std::span<Coordinate> axis) {
  const auto count = static_cast<std::size_t>(m);
  for (std::size_t a = 0; a < corner.size(); ++a)
    for (std::size_t i = 0; i < count; ++i) {
      // (i + offset)/m as a 64-bit fraction of the cell, then scaled by 2^-level; 128-bit so that nothing is lost.
      const auto numerator = (static_cast<unsigned __int128>(i) << 64) + offset[a];
      const auto fraction = static_cast<Coordinate>(numerator / static_cast<unsigned>(m));
      axis[a * count + i] = corner[a] + (level < 64 ? fraction >> level : 0);
    }
}

} // namespace cascade::core
