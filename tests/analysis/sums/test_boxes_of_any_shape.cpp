// Pairs of a field with holes, axes that go together, and cubes of a box that is none.

#include "analysis/blind/band_pass.hpp"
#include "analysis/blind/cubes.hpp"
#include "analysis/structure_function/grid.hpp"
#include "analysis/sums/even_axes.hpp"
#include "tests/analysis/grid_test_fields.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using core::Index;

TEST_CASE("Pairs that touch a hole do not count", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain = test::unit_spacing({5, 9, 11}, {true, false, true});
  const auto value = [&](const core::Index3& i) {
    const Index at = test::flat(domain, i);
    return at % 13 == 5 ? std::nan("") : test::normal(3, static_cast<std::uint64_t>(at));
  };
  const auto field = test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1,
                                      [&](int, const core::Index3& i) { return value(i); });
  const std::vector<Index> separations{1, 2, 4};
  const auto found = analysis::grid_structure_functions(field, comm, {2}, separations, {}, true);
  for (std::size_t s = 0; s < separations.size(); ++s) {
    double sum = 0, pairs = 0;
    core::Index3 i{};
    for (i[0] = 0; i[0] < 5; ++i[0])
      for (i[1] = 0; i[1] < 9; ++i[1])
        for (i[2] = 0; i[2] < 11; ++i[2])
          for (std::size_t a = 0; a < 3; ++a) {
            core::Index3 there = i;
            there[a] += separations[s];
            if (there[a] >= domain.points(static_cast<int>(a)) && !domain.periodic(static_cast<int>(a)))
              continue;
            there[a] %= domain.points(static_cast<int>(a));
            const double difference = value(there) - value(i);
            if (!std::isfinite(difference))
              continue;
            sum += difference * difference;
            pairs += 1;
          }
    const analysis::BlockTable& table = found.tables[0][0];
    CHECK(table.count[s] == pairs);
    CHECK(table.mean()[s] == Approx(sum / pairs).epsilon(1e-12));
  }
}

TEST_CASE("Axes of one spacing go together") {
  const core::Domain uneven(core::Axes{{10, 1.0, true}, {20, 2.0, true}, {30, 1.0, true}});
  CHECK(analysis::even_axes(uneven) == std::vector<int>{0, 1});
  CHECK_FALSE(analysis::evenly_spaced(uneven));
  CHECK(analysis::fewest_points(uneven, {0, 1}) == 10);
  CHECK(analysis::even_axes(core::Domain(core::Axes{{10, 1.0, true}, {30, 1.0, true}})) == std::vector<int>{2});
  CHECK(analysis::evenly_spaced(test::unit_spacing({24, 20, 18})));
}

TEST_CASE("The cubes of a box are measured one by one", "[mpi]") {
  const auto comm = core::Communicator::world(), self = core::Communicator::self();
  const core::Domain domain = test::unit_spacing({33, 70});
  const core::Decomposition decomposition(domain, comm.size());
  const auto field = test::noise(decomposition, comm.rank(), 1, 4);
  const core::BlockLayout cubes = analysis::cube_layout(domain);
  REQUIRE((cubes.side() == 33 && cubes.blocks() == 2));
  const analysis::BandLayout layout(core::Domain(2, 33), 1, false, {1});
  const analysis::BandTables all = analysis::band_tables_of_cubes(field, layout, comm);
  const auto alone = test::noise(core::Decomposition(domain, 1), 0, 1, 4);
  REQUIRE(all.energy.blocks() == 2 * layout.blocks());
  for (Index cube = 0; cube < 2; ++cube) {
    const core::Domain open(core::Axes(2, core::GridAxis{33, 1, false}));
    const auto part = test::make_field(core::Decomposition(open, 1), 0, 1, [&](int, const core::Index3& i) {
      return alone.line(0, 0, i[1])[static_cast<std::size_t>(i[2] + 33 * cube)];
    });
    const analysis::BandTables own = analysis::band_tables(part, layout, self);
    CHECK(own.energy.x == all.energy.x);
    for (std::size_t b = 0; b < layout.blocks(); ++b) {
      const std::size_t at = static_cast<std::size_t>(cube) * layout.blocks() + b;
      CHECK(all.energy.sum[at] == own.energy.sum[b]);
      CHECK(all.moments[0].sum[at] == own.moments[0].sum[b]);
      CHECK(all.moments[0].weight[at] == own.moments[0].weight[b]);
    }
  }
}
