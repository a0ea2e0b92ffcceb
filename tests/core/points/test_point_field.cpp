// Fixed-point coordinates and lattices of the point view.

#include "core/points/point_field.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace cascade;
using core::Coordinate;

namespace {

/// Knows which point it was asked for: a different number for each.
class Linear final : public core::PointField {
public:
  explicit Linear(int dimensions) : dimensions_(dimensions) {}
  int dimensions() const override { return dimensions_; }
  void evaluate(std::span<const Coordinate> points, std::span<double> values) const override {
    const auto d = static_cast<std::size_t>(dimensions_);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = 0;
      for (std::size_t a = 0; a < d; ++a)
        values[i] += std::pow(7.0, static_cast<double>(a)) * core::to_double(points[i * d + a]);
    }
  }

private:
  int dimensions_;
};

constexpr Coordinate whole_step = ~Coordinate{0}; ///< the largest offset within a lattice step

} // namespace

TEST_CASE("Coordinates wrap around exactly and keep 53 bits", "[point_field]") {
  for (const double x : {0.0, 0.25, 0.7, 1 - 0x1p-53})
    CHECK(core::to_double(core::to_coordinate(x)) == x);
  CHECK(core::to_double(core::to_coordinate(1.0 / 3.0)) == Approx(1.0 / 3.0).margin(0x1p-53));
  const Coordinate r = Coordinate{1} << 63; // half a box
  CHECK(core::to_coordinate(0.75) + r == core::to_coordinate(0.25));
  CHECK(core::to_coordinate(0.25) - r == core::to_coordinate(0.75));
}

TEST_CASE("Lattice points are corner + (i + offset) side/m, inside the cell and in order", "[point_field]") {
  const Coordinate third = core::to_coordinate(1.0 / 3.0);
  for (const int level : {0, 1, 5, 30, 47})
    for (const int m : {1, 2, 3, 5, 8})
      for (const Coordinate offset : {Coordinate{0}, third, Coordinate{1} << 63, whole_step}) {
        const std::vector<Coordinate> corner{third >> level << level, Coordinate{5} << 61}, offsets{offset, third};
        std::vector<Coordinate> axis(2 * static_cast<std::size_t>(m));
        core::lattice_coordinates(corner, level, m, offsets, axis);
        const double side = std::ldexp(1.0, -level);
        for (std::size_t a = 0; a < 2; ++a)
          for (int i = 0; i < m; ++i) {
            const Coordinate beyond = axis[a * static_cast<std::size_t>(m) + static_cast<std::size_t>(i)] - corner[a];
            const double expected = (i + core::to_double(offsets[a])) / m * side;
            // The fixed point keeps 2^-64; the double it is compared with 2^-53 of itself.
            CHECK(core::to_double(beyond) == Approx(expected).epsilon(1e-15).margin(0x1p-62));
            CHECK((level == 0 || beyond >> (64 - level) == 0));
            if (i > 0)
              CHECK(beyond > axis[a * static_cast<std::size_t>(m) + static_cast<std::size_t>(i) - 1] - corner[a]);
          }
      }
}

TEST_CASE("The default lattice evaluation is evaluate(), last axis fastest", "[point_field]") {
  for (const int dimensions : {1, 2, 3}) {
    const auto d = static_cast<std::size_t>(dimensions);
    const Linear field(dimensions);
    constexpr int m = 3, level = 2;
    const std::vector<Coordinate> corner(d, core::to_coordinate(0.5)), offset(d, core::to_coordinate(0.5));
    std::vector<double> values(static_cast<std::size_t>(std::lround(std::pow(m, dimensions))));
    field.evaluate_lattice(corner, level, m, offset, values);
    for (std::size_t n = 0; n < values.size(); ++n) {
      double expected = 0;
      std::size_t rest = n;
      for (std::size_t a = d; a-- > 0; rest /= m)
        expected += std::pow(7.0, static_cast<double>(a)) * (0.5 + (static_cast<double>(rest % m) + 0.5) / m / 4);
      CHECK(values[n] == Approx(expected).epsilon(8 * std::numeric_limits<double>::epsilon()));
    }
  }
}
