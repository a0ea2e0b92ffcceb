// The grid view is the point view at the cell centres, and the same bits whoever fills which box.

#include "core/ranks/communicator.hpp"
#include "solvers/cascade/grid.hpp"
#include "solvers/cascade/points.hpp"
#include "support/same_bits.hpp"
#include "tests/solvers/naive_cascade.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <span>

using namespace cascade;
using core::Coordinate;
using core::Index;
using solvers::CascadeRules;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Cell centres of this rank's box, in the order of the field.
std::vector<Coordinate> centres(const core::RealField& field) {
  std::vector<Coordinate> points;
  const core::Box& box = field.box();
  for (Index i = box.begin[0]; i < box.end[0]; ++i)
    for (Index j = box.begin[1]; j < box.end[1]; ++j)
      for (Index k = box.begin[2]; k < box.end[2]; ++k) {
        const core::Index3 at{i, j, k};
        for (int a = field.domain().first_axis(); a < 3; ++a)
          points.push_back(test::cell_centre(at[static_cast<std::size_t>(a)], field.domain().points()));
      }
  return points;
}

struct Size {
  int D;
  Index n;
};

/// Powers of two, m 2^k, and grids with fewer lines than ranks.
const std::vector<Size> sizes = {{1, 64}, {1, 96}, {1, 12}, {1, 40}, {2, 64}, {2, 96}, {2, 12},
                                 {2, 4},  {3, 64}, {3, 12}, {3, 40}, {3, 48}, {3, 4}};

} // namespace

TEST_CASE("Levels a grid can carry: eddies of two whole points a side and more", "[cascade_grid]") {
  CHECK(solvers::grid_levels(256) == 8);
  CHECK(solvers::grid_levels(4) == 2);
  CHECK(solvers::grid_levels(96) == 6); // 96, 48, 24, 12, 6, 3
  CHECK(solvers::grid_levels(12) == 3); // 12, 6, 3
  CHECK(solvers::grid_levels(7) == 1);
}

TEST_CASE("Grid and point view are one field, to roundoff; depths agree exactly", "[cascade_grid]") {
  const auto self = core::Communicator::self();
  for (const auto& [D, n] : sizes)
    for (const double gap : {0.0, 0.2, 0.8}) {
      const auto generator = test::make_cascade(D, D - gap, 0.3);
      const int levels = solvers::grid_levels(n);
      const auto grid = generator.sample(core::Decomposition(core::Domain(D, n), 1), self, 6);
      const auto view = generator.sample(6, levels);
      const auto points = centres(grid.field);
      const auto values = grid.field.component(0);
      std::vector<double> expected(values.size());
      view.field->evaluate(points, expected);
      std::vector<int> depth(values.size());
      view.tree->depth_at(points, levels, depth);
      double worst = 0;
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        worst = std::max(worst, std::abs(values[i] - expected[i]));
        wrong += depth[i] != (*grid.active)[i] ? 1 : 0;
      }
      CAPTURE(D, n, gap);
      CHECK(worst < 32 * eps * test::NaiveCascade(D, levels, D - gap, 0.3, 1, 6).bound());
      CHECK(wrong == 0);
    }
}

TEST_CASE("Large scales are the same at every resolution", "[cascade_grid]") {
  // The levels of an n grid on the points of a 2n grid are the point view with as many levels.
  for (const auto& [D, n] : {Size{1, 256}, Size{2, 32}, Size{2, 24}, Size{3, 16}, Size{3, 12}}) {
    const int levels = solvers::grid_levels(n);
    const double d = D - 0.3;
    const CascadeRules rules(D, levels, d, 0.2, 1, 0);
    core::RealField fine(core::Decomposition(core::Domain(D, 2 * n), 1), 0);
    core::ActiveDepth depth;
    solvers::fill_cascade(rules, fine, depth);
    const auto values = fine.component(0);
    std::vector<double> expected(values.size());
    test::make_cascade(D, d, 0.2).sample(0, levels).field->evaluate(centres(fine), expected);
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      worst = std::max(worst, std::abs(values[i] - expected[i]));
    CHECK(worst < 32 * eps * test::NaiveCascade(D, levels, d, 0.2, 1, 0).bound());
    // Number of points asked for changes nothing in the point view.
    solvers::BetaCascadeParameters p;
    p.embedding_dimension = D;
    p.dimension = d;
    p.hurst = 0.2;
    p.points = 2 * n;
    std::vector<double> again(values.size());
    solvers::BetaCascade(p, 1).sample(0, levels).field->evaluate(centres(fine), again);
    CHECK(again == expected);
  }
}

TEST_CASE("Every eddy has zero sum on its own grid, and so has the field", "[cascade_grid]") {
  const auto self = core::Communicator::self();
  for (const auto& [D, n] : {Size{1, 96}, Size{2, 64}, Size{2, 12}, Size{3, 16}}) {
    const auto grid = test::make_cascade(D, D - 0.2, 0.3).sample(core::Decomposition(core::Domain(D, n), 1), self, 1);
    double sum = 0, square = 0;
    for (const double v : grid.field.component(0)) {
      sum += v;
      square += v * v;
    }
    const auto count = static_cast<double>(grid.field.component(0).size());
    CHECK(std::abs(sum) < 100 * eps * std::sqrt(square * count));
  }
}

TEST_CASE("Every decomposition fills the same bits: slabs, pencils, empty boxes", "[mpi]") {
  const auto world = core::Communicator::world();
  const auto self = core::Communicator::self();
  for (const auto& [D, n] : sizes) {
    const core::Domain domain(D, n);
    const auto generator = test::make_cascade(D, D - 0.2, 0.25);
    const auto whole = generator.sample(core::Decomposition(domain, 1), self, 2);
    std::vector<core::Decomposition> grids{core::Decomposition(domain, world.size())};
    for (int columns = 1; columns <= world.size(); ++columns)
      if (world.size() % columns == 0)
        grids.push_back(core::Decomposition(domain, world.size() / columns, columns));
    for (const auto& decomposition : grids) {
      const auto mine = generator.sample(decomposition, world, 2);
      const core::Box& box = mine.field.box();
      std::int64_t counts[] = {0, 0}; // differing lines, points filled
      std::size_t at = 0;
      for (Index i = box.begin[0]; i < box.end[0]; ++i)
        for (Index j = box.begin[1]; j < box.end[1]; ++j) {
          const auto a = mine.field.line(0, i - box.begin[0], j - box.begin[1]);
          const auto b = whole.field.line(0, i, j).first(a.size()); // a whole line, or nothing: an empty box in 1-D
          const std::size_t line = static_cast<std::size_t>(i * domain.shape()[1] + j) * static_cast<std::size_t>(n);
          counts[0] += test::same_bits(a, b) ? 0 : 1;
          counts[0] += test::same_bits(std::span(*mine.active).subspan(at, a.size()),
                                       std::span(*whole.active).subspan(line, a.size()))
                           ? 0
                           : 1;
          counts[1] += static_cast<std::int64_t>(a.size());
          at += a.size();
        }
      world.sum(std::span<std::int64_t>(counts));
      CAPTURE(D, n, decomposition.rows(), decomposition.columns());
      CHECK(counts[0] == 0);
      CHECK(counts[1] == domain.total_points());
    }
  }
}
