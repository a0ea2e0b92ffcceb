// Structure functions on a grid: brute force, closed forms, and the same bits at every rank count.

#include "analysis/structure_function/grid.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/power_sums.hpp"
#include "core/talk/errors.hpp"
#include "tests/analysis/grid_cell_oracle.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace cascade;
using analysis::BlockTable;
using core::Index;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
const std::vector<double> mixed_orders{1, 2, 0.5, 4, 1.3, 2.5, 8};

/// [kind][order][separation][block], straight from the definition, on the whole field.
using Nested = std::vector<std::vector<std::vector<std::vector<double>>>>;
struct BruteForce {
  Nested sums, pairs;
};

BruteForce brute_force(const core::RealField& f, const std::vector<double>& orders, const std::vector<Index>& shifts,
                       const std::vector<int>& axes) {
  const core::Domain domain = f.domain();
  const analysis::GridBlocks blocks(domain);
  const core::Index3 shape = domain.shape();
  const std::vector zero(orders.size(),
                         std::vector(shifts.size(), std::vector(static_cast<std::size_t>(blocks.count()), 0.0)));
  BruteForce result{{zero, zero}, {zero, zero}};
  for (int c = 0; c < f.components(); ++c)
    for (const int axis : axes)
      for (std::size_t s = 0; s < shifts.size(); ++s)
        for (Index p = 0; p < domain.total_points(); ++p) {
          const core::Index3 at{p / (shape[1] * shape[2]), p / shape[2] % shape[1], p % shape[2]};
          core::Index3 to = at;
          const auto a = static_cast<std::size_t>(axis);
          to[a] = (at[a] + shifts[s]) % shape[a];
          if (!domain.periodic(axis) && at[a] + shifts[s] >= shape[a])
            continue;
          const double d = std::fabs(f.component(c)[static_cast<std::size_t>(test::flat(domain, to))] -
                                     f.component(c)[static_cast<std::size_t>(p)]);
          const std::size_t kind = f.components() > 1 && c != axis - domain.first_axis() ? 1 : 0;
          const auto block = static_cast<std::size_t>(
              blocks.number(blocks.containing(0, at[0]), blocks.containing(1, at[1]), blocks.containing(2, at[2])));
          for (std::size_t k = 0; k < orders.size(); ++k) {
            result.sums[kind][k][s][block] += std::pow(d, orders[k]);
            result.pairs[kind][k][s][block] += 1;
          }
        }
  return result;
}

std::vector<int> axes_of(const core::Domain& domain) {
  std::vector<int> axes;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    axes.push_back(axis);
  return axes;
}

} // namespace

TEST_CASE("PowerSums agrees with pow for integer, half-integer and real orders") {
  const analysis::PowerSums powers({3, 1, 0.5, 4.5, 7, 2.2, 12});
  for (const std::size_t length : {1, 7, 16, 33, 700}) {
    std::vector<double> values(length), expected(powers.size(), 0.0), sums(powers.size(), 0.0);
    for (std::size_t i = 0; i < length; ++i) {
      values[i] = test::normal(3, i);
      for (std::size_t k = 0; k < powers.size(); ++k)
        expected[k] += std::pow(std::fabs(values[i]), powers.orders()[k]);
    }
    powers.add(values, sums);
    for (std::size_t k = 0; k < powers.size(); ++k) // summation and power errors: a few epsilon times the order
      CHECK(sums[k] == Approx(expected[k]).epsilon(40 * epsilon));
  }
  const std::vector<double> zeros(5, 0.0);
  std::vector<double> sums(powers.size(), 0.0);
  powers.add(zeros, sums);
  CHECK(sums == std::vector<double>(powers.size(), 0.0));
  CHECK_THROWS_AS(analysis::PowerSums({0}), std::invalid_argument);
  CHECK_THROWS_AS(analysis::PowerSums({-1}), std::invalid_argument);
  CHECK_THROWS_AS(analysis::PowerSums({2, 2}), std::invalid_argument);
}

TEST_CASE("GridBlocks tile the grid") {
  for (const core::Domain& domain :
       {core::Domain(1, 100), core::Domain(1, 5), core::Domain(2, 19), core::Domain(3, 10),
        test::unit_spacing({24, 20, 18}), test::unit_spacing({3, 31, 2}), test::unit_spacing({31, 5})}) {
    const analysis::GridBlocks blocks(domain);
    Index total = 0;
    for (int b = 0; b < blocks.count(); ++b)
      total += blocks.pairs_in(b, 2, 0);
    CHECK(total == domain.total_points());
    for (int axis = 0; axis < 3; ++axis)
      for (int k = 0; k < blocks.per_side(axis); ++k)
        for (Index i = blocks.along(axis, k).begin; i < blocks.along(axis, k).end; ++i)
          CHECK(blocks.containing(axis, i) == k);
  }
}

TEST_CASE("Separations are dyadic, or several an octave without repeats") {
  CHECK(analysis::log_separations(16) == std::vector<Index>{1, 2, 4, 8});
  CHECK(analysis::log_separations(12, 3) == std::vector<Index>{1, 2, 3, 4, 5, 6});
  CHECK(analysis::log_separations(1).empty());
}

TEST_CASE("Structure functions equal the brute-force sums of every block", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  const std::vector<Index> shifts{1, 2, 5, 6};
  struct Case {
    core::Domain domain;
    std::vector<int> axes;
  };
  const core::Domain thin(core::Axes{{3, 1.0, false}, {16, 2.0}, {13, 1.0, false}}); // one axis at a time
  std::vector<Case> cases{{thin, {1}},
                          {thin, {2}},
                          {test::unit_spacing({24, 20, 18}), {0, 2}},
                          {test::unit_spacing({7, 9, 8}, {false, true, false}), {0, 1, 2}},
                          {test::unit_spacing({8, 31, 7}, {true, false, true}), {0, 1, 2}},
                          {test::unit_spacing({31, 29}, {false, false}), {1, 2}},
                          {test::unit_spacing({17}, {false}), {2}}};
  for (const auto& [dimensions, points] : std::vector<std::pair<int, Index>>{{1, 150}, {2, 21}, {3, 12}})
    cases.push_back({core::Domain(dimensions, points), {}});
  for (const auto& [domain, axes] : cases)
    for (const int components : {1, domain.dimensions()}) {
      CAPTURE(domain.points(0), domain.points(1), domain.points(2), components);
      const auto whole = test::noise(core::Decomposition(domain, 1), 0, components, 5);
      const auto expected = brute_force(whole, mixed_orders, shifts, axes.empty() ? axes_of(domain) : axes);
      const auto serial = analysis::grid_structure_functions(whole, self, mixed_orders, shifts, axes);
      for (const auto& grid : test::process_grids(domain, comm.size())) {
        const auto field = test::noise(grid, comm.rank(), components, 5);
        const auto found = analysis::grid_structure_functions(field, comm, mixed_orders, shifts, axes);
        REQUIRE(found.tables.size() == (components > 1 ? 2 : 1));
        for (std::size_t kind = 0; kind < found.tables.size(); ++kind)
          for (std::size_t k = 0; k < mixed_orders.size(); ++k) {
            CHECK(test::same_bits(found.tables[kind][k], serial.tables[kind][k]));
            for (std::size_t s = 0; s < shifts.size(); ++s)
              for (std::size_t b = 0; b < found.tables[kind][k].blocks(); ++b) {
                CHECK(found.tables[kind][k].sum[b][s] == Approx(expected.sums[kind][k][s][b]).epsilon(100 * epsilon));
                CHECK(found.tables[kind][k].weight[b][s] == expected.pairs[kind][k][s][b]);
              }
          }
      }
    }
}

TEST_CASE("A plane wave along each axis of an uneven box has its own structure function", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain(core::Axes{{24, 2.0}, {20, 1.0}, {18, 0.5}});
  const core::Index3 waves{2, 3, 1};
  for (const int axis : {0, 1, 2}) {
    const auto a = static_cast<std::size_t>(axis);
    const double k = 2 * std::numbers::pi * static_cast<double>(waves[a]) / domain.length(axis);
    const auto field =
        test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1, [&](int, const core::Index3& i) {
          return std::cos(k * static_cast<double>(i[a]) * domain.spacing(axis));
        });
    for (const int along : {0, 1, 2}) {
      const auto found = analysis::grid_structure_functions(field, comm, {2}, {1, 2, 3, 7, 9}, {along});
      const BlockTable& table = found.tables[0][0];
      for (std::size_t s = 0; s < table.points(); ++s) // S_2(r) = 1 - cos k r, r a length
        CHECK(table.mean()[s] == Approx(along == axis ? 1 - std::cos(k * table.x[s]) : 0.0).margin(100 * epsilon));
      CHECK(table.x[3] == Approx(7 * domain.spacing(along)).epsilon(epsilon));
      CHECK(table.count[3] == static_cast<double>(domain.total_points()));
    }
  }
}

TEST_CASE("A linear ramp in an open box has S_p = r^p, from interior pairs alone", "[mpi]") {
  const auto comm = core::Communicator::world();
  const std::vector<double> orders{1, 2, 3, 4, 0.5, 2.5};
  for (const core::Domain& domain : {test::unit_spacing({11, 8, 9}, {false, false, false}),
                                     test::unit_spacing({31, 29}, {false, false}), test::unit_spacing({17}, {false})}) {
    const auto ramp =
        test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1,
                         [](int, const core::Index3& i) { return static_cast<double>(i[0] + i[1] + i[2]); });
    const auto found = analysis::grid_structure_functions(ramp, comm, orders, {1, 3, 7});
    for (std::size_t p = 0; p < orders.size(); ++p)
      for (std::size_t s = 0; s < 3; ++s) {
        const BlockTable& table = found.tables[0][p];
        const double expected = std::pow(table.x[s], orders[p]);
        if (orders[p] == std::round(orders[p]))
          CHECK(table.mean()[s] == expected);
        else // a root that is no double, a dozen of them to a sum
          CHECK(table.mean()[s] == Approx(expected).epsilon(16 * epsilon));
        double pairs = 0;
        for (int axis = domain.first_axis(); axis < 3; ++axis)
          pairs += static_cast<double>(domain.total_points() / domain.points(axis)) *
                   (static_cast<double>(domain.points(axis)) - table.x[s]);
        CHECK(table.count[s] == pairs);
      }
  }
}

TEST_CASE("A plane wave has the structure function of its wavenumber", "[mpi]") {
  const auto comm = core::Communicator::world();
  for (const int dimensions : {1, 2, 3}) {
    const core::Domain domain(dimensions, 24);
    const core::Index3 wave{1, 2, 3};
    const auto phase = [&](const core::Index3& i) {
      double sum = 0;
      for (int axis = domain.first_axis(); axis < 3; ++axis)
        sum += static_cast<double>(wave[static_cast<std::size_t>(axis)] * i[static_cast<std::size_t>(axis)]);
      return 2 * std::numbers::pi * sum * domain.spacing();
    };
    const auto field = test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1,
                                        [&](int, const core::Index3& i) { return std::cos(phase(i)); });
    const auto separations = analysis::log_separations(24);
    const auto found = analysis::grid_structure_functions(field, comm, {2}, separations);
    const auto mean = found.tables[0][0].mean();
    for (std::size_t s = 0; s < separations.size(); ++s) {
      double expected = 0; // <(cos(y + k r) - cos y)^2> = 1 - cos k r, averaged over the axes
      for (int axis = domain.first_axis(); axis < 3; ++axis)
        expected += (1 - std::cos(2 * std::numbers::pi *
                                  static_cast<double>(wave[static_cast<std::size_t>(axis)] * separations[s]) *
                                  domain.spacing())) /
                    dimensions;
      CHECK(mean[s] == Approx(expected).margin(100 * epsilon));
      CHECK(found.tables[0][0].x[s] == static_cast<double>(separations[s]) / 24);
    }
    CHECK(found.tables[0][0].count[0] == static_cast<double>(dimensions * domain.total_points()));
  }
}

TEST_CASE("Longitudinal and transverse increments of a shear wave", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain(3, 16);
  // u = (cos 2 pi z, 0, 0): transverse along z only, longitudinal nowhere; the mean over 6 transverse pairs a point.
  const auto field =
      test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 3, [&](int c, const core::Index3& i) {
        return c == 0 ? std::cos(2 * std::numbers::pi * static_cast<double>(i[2]) / 16) : 0.0;
      });
  const auto found = analysis::grid_structure_functions(field, comm, {2}, {1, 4});
  CHECK(found.kinds == std::vector<std::string>{"longitudinal", "transverse"});
  CHECK(found.tables[0][0].mean()[1] == Approx(0).margin(10 * epsilon));
  CHECK(found.tables[1][0].mean()[0] == Approx((1 - std::cos(std::numbers::pi / 8)) / 6).epsilon(100 * epsilon));
  CHECK(found.tables[1][0].mean()[1] == Approx(1.0 / 6).epsilon(100 * epsilon));
}

TEST_CASE("A separation outside the box is refused", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto field = test::noise(core::Decomposition(core::Domain(2, 8), comm.size()), comm.rank(), 1, 1);
  CHECK_THROWS_AS(analysis::grid_structure_functions(field, comm, {2}, {8}), core::Error);
  CHECK_THROWS_AS(analysis::grid_structure_functions(field, comm, {2}, {0}), core::Error);
  const core::Domain flat(core::Axes{{24, 2.0}, {5, 1.0}});
  const auto uneven = test::noise(core::Decomposition(flat, comm.size()), comm.rank(), 1, 1);
  CHECK_THROWS_WITH(analysis::grid_structure_functions(uneven, comm, {2}, {6}, {2}), Catch::Contains("axis x of 5"));
  CHECK_NOTHROW(analysis::grid_structure_functions(uneven, comm, {2}, {6}, {1}));
  CHECK_THROWS_WITH(analysis::grid_structure_functions(uneven, comm, {2}, {1}),
                    Catch::Contains("axis y has") && Catch::Contains("axis x 0.2"));
}
