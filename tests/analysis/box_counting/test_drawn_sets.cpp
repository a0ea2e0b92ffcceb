// Sets of known dimension, drawn turned and off the grid.

#include "analysis/box_counting/boxes.hpp"
#include "analysis/box_counting/set_dimension.hpp"
#include "tests/analysis/grid_test_fields.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace cascade;
using core::Index;

namespace {

/// A set that is its own copies: cubes (squares) of a unit cube, `ratio` of them a side.
struct Copies {
  std::vector<core::Index3> kept; ///< which of them are there; the first index is 0 in the plane
  double ratio;
};

constexpr double smallest_part = 0.25; ///< of a cell

/// Marks every grid point whose cell holds a part of the set, but for some that hold less than a smallest part alone:
/// copies are divided until they lie in one cell, or are as small.
class Drawing {
public:
  Drawing(int dimensions, Index n, const std::array<std::array<double, 3>, 3>& turn, double scale)
      : field_(core::Decomposition(core::Domain([&] {
                                     return core::Axes(static_cast<std::size_t>(dimensions), {n, 1.0, false});
                                   }()),
                                   1),
               0),
        dimensions_(dimensions), n_(n), turn_(turn), scale_(scale) {
    std::fill(field_.component(0).begin(), field_.component(0).end(), 0.0);
  }

  void draw(const Copies& set, const std::array<double, 3>& corner = {0, 0, 0}, double side = 1) {
    const auto first = static_cast<std::size_t>(3 - dimensions_);
    const auto middle = place({corner[0] + side / 2, corner[1] + side / 2, corner[2] + side / 2});
    core::Index3 low{}, high{};
    bool one = true;
    for (std::size_t a = first; a < 3; ++a) {
      double half = 0;
      for (std::size_t b = first; b < 3; ++b)
        half += std::fabs(turn_[a][b]) * side / 2 * scale_ * static_cast<double>(n_);
      low[a] = static_cast<Index>(std::floor(middle[a] - half));
      high[a] = static_cast<Index>(std::floor(middle[a] + half));
      one = one && low[a] == high[a];
    }
    if (one) {
      mark(low);
      return;
    }
    if (side * scale_ * static_cast<double>(n_) < 2) {
      bool all = true; // nothing left to mark
      for (Index i = low[0]; i <= high[0]; ++i)
        for (Index j = low[1]; j <= high[1]; ++j)
          for (Index k = low[2]; k <= high[2]; ++k)
            all = all && marked({i, j, k});
      if (all)
        return;
      for (const core::Index3& copy : set.kept) { // a corner is in the set if the copy there is
        std::array<double, 3> at = corner;
        bool is_corner = true;
        for (std::size_t a = first; a < 3; ++a) {
          const auto along = static_cast<double>(copy[a]);
          is_corner = is_corner && (along == 0 || along == set.ratio - 1);
          at[a] += along > 0 ? side : 0;
        }
        const auto p = place(at);
        if (is_corner)
          mark({static_cast<Index>(p[0]), static_cast<Index>(p[1]), static_cast<Index>(p[2])});
      }
      if (side * scale_ * static_cast<double>(n_) < smallest_part)
        return;
    }
    for (const core::Index3& copy : set.kept) {
      std::array<double, 3> at = corner;
      for (std::size_t a = first; a < 3; ++a)
        at[a] += static_cast<double>(copy[a]) * side / set.ratio;
      draw(set, at, side / set.ratio);
    }
  }

  analysis::ExponentFit dimension() const {
    const auto table = analysis::count_threshold_boxes(field_, 0.5, core::Communicator::self());
    return analysis::fit_set_dimension(table, 2 / static_cast<double>(n_), 0.26);
  }

private:
  std::array<double, 3> place(const std::array<double, 3>& x) const { ///< in points of the grid
    std::array<double, 3> at{};
    for (std::size_t a = static_cast<std::size_t>(3 - dimensions_); a < 3; ++a) {
      at[a] = 0.5 * static_cast<double>(n_);
      for (std::size_t b = static_cast<std::size_t>(3 - dimensions_); b < 3; ++b)
        at[a] += turn_[a][b] * (x[b] - 0.5) * scale_ * static_cast<double>(n_);
    }
    return at;
  }
  std::size_t at(const core::Index3& i) const { return static_cast<std::size_t>(test::flat(field_.domain(), i)); }
  bool marked(const core::Index3& i) const { return field_.component(0)[at(i)] != 0; }
  void mark(const core::Index3& i) { field_.component(0)[at(i)] = 1; }

  core::RealField field_;
  int dimensions_;
  Index n_;
  std::array<std::array<double, 3>, 3> turn_;
  double scale_;
};

/// Turned by a about axis 0, then by b about axis 1.
std::array<std::array<double, 3>, 3> turned(double a, double b) {
  const double ca = std::cos(a), sa = std::sin(a), cb = std::cos(b), sb = std::sin(b);
  return {{{cb, sb * sa, sb * ca}, {0, ca, -sa}, {-sb, cb * sa, cb * ca}}};
}

/// The copies i of `side`^D of them, for which `keep` holds.
Copies copies(int dimensions, Index side, const std::function<bool(const core::Index3&)>& keep) {
  Copies set{{}, static_cast<double>(side)};
  for (Index i = 0; i < (dimensions > 2 ? side : 1); ++i)
    for (Index j = 0; j < side; ++j)
      for (Index k = 0; k < side; ++k)
        if (keep({i, j, k}))
          set.kept.push_back({i, j, k});
  return set;
}

} // namespace

TEST_CASE("Sets drawn off the grid have their dimensions", "[slow]") {
  struct Case {
    const char* name;
    int dimensions;
    Copies set;
    Index n;
    double scale, angle, second;
    double wanted;
  };
  const Copies triangle = copies(2, 2, [](const core::Index3& i) { return i[1] + i[2] < 2; }); // a right-angled one
  const Copies carpet = copies(2, 3, [](const core::Index3& i) { return i[1] != 1 || i[2] != 1; });
  const Copies dust = copies(2, 3, [](const core::Index3& i) { return i[1] != 1 && i[2] != 1; });
  const Copies cross = copies(2, 3, [](const core::Index3& i) { return (i[1] + i[2]) % 2 == 0; });
  const Copies sponge = copies(3, 3, [](const core::Index3& i) { return (i[0] == 1) + (i[1] == 1) + (i[2] == 1) < 2; });
  const double three = std::log(3);
  const std::vector<Case> cases{{"triangle", 2, triangle, 1000, 0.61, 0.3, 0, three / std::log(2)},
                                {"triangle", 2, triangle, 1999, 0.61, 0.7, 0, three / std::log(2)},
                                {"carpet", 2, carpet, 700, 0.61, 1.1, 0, std::log(8) / three},
                                {"dust", 2, dust, 700, 0.61, 1.1, 0, std::log(4) / three},
                                {"cross", 2, cross, 1000, 0.61, 0.3, 0, std::log(5) / three},
                                {"sponge", 3, sponge, 200, 0.66, 0.4, 0, std::log(20) / three},
                                {"sponge", 3, sponge, 220, 0.55, 1.0, 0.6, std::log(20) / three}};
  for (const Case& c : cases) {
    Drawing drawing(c.dimensions, c.n, turned(c.angle, c.second), c.scale);
    drawing.draw(c.set);
    const auto d = drawing.dimension();
    INFO(c.name << " of " << c.n << " points turned by " << c.angle << ": " << d.exponent << " +- "
                << d.standard_error);
    CHECK(std::fabs(d.exponent - c.wanted) < 0.02);
    CHECK(std::fabs(d.exponent - c.wanted) < 2 * d.standard_error);
    CHECK(d.standard_error < 0.1);
  }
  for (const auto& [n, angle] : {std::pair<Index, double>{1000, 0.3}, {1999, 0.2}}) { // Koch's curve, as a polygon
    std::vector<std::array<double, 2>> curve{{0, 0}, {1, 0}};
    for (int level = 0; level < 9; ++level) {
      std::vector<std::array<double, 2>> finer;
      for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
        const double u = (curve[i + 1][0] - curve[i][0]) / 3, v = (curve[i + 1][1] - curve[i][1]) / 3;
        const auto [x, y] = curve[i];
        const double root3 = std::sqrt(3.0) / 2;
        finer.insert(
            finer.end(),
            {{x, y}, {x + u, y + v}, {x + u + u / 2 - root3 * v, y + v + root3 * u + v / 2}, {x + 2 * u, y + 2 * v}});
      }
      finer.push_back(curve.back());
      curve = std::move(finer);
    }
    std::vector<std::array<double, 3>> points;
    for (const auto& [x, y] : curve)
      points.push_back({0, 0.25 + 0.61 * (std::cos(angle) * y + std::sin(angle) * x),
                        0.2 + 0.61 * (std::cos(angle) * x - std::sin(angle) * y)});
    const core::Axes axes(2, {n, 1.0, false});
    core::RealField field(core::Decomposition(core::Domain(axes), 1), 0);
    std::fill(field.component(0).begin(), field.component(0).end(), 0.0);
    for (const auto& p : points)
      field.line(0, 0,
                 static_cast<Index>(
                     p[1] * static_cast<double>(n)))[static_cast<std::size_t>(p[2] * static_cast<double>(n))] = 1;
    const auto table = analysis::count_threshold_boxes(field, 0.5, core::Communicator::self());
    const auto d = analysis::fit_set_dimension(table, 2 / static_cast<double>(n), 0.26);
    INFO(n << ": " << d.exponent << " +- " << d.standard_error);
    CHECK(std::fabs(d.exponent - std::log(4) / std::log(3)) < 0.02);
  }
}
