// Structure functions along many directions: how many there are, brute force, the same bits at any rank count.

#include "analysis/all_lags/directions.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace cascade;
using analysis::BlockTable;
using analysis::PairTables;
using core::Communicator;
using core::Domain;
using core::Index;

namespace {

bool hole(Index i, Index j, Index k) {
  return (3 * i + 5 * j + 2 * k) % 11 == 4 || (j == 2 && k > 2);
}

double rough(int c, Index i, Index j, Index k) {
  const auto x = [](Index n) { return static_cast<double>(n); };
  return std::sin(1.7 * x(i) + 0.3 + c) + std::cos(2.3 * x(j * j) + c) + std::sin(0.7 * x(k * k) + 2 * c);
}

core::RealField rough_field(const Domain& domain, int components, const Communicator& ranks, bool holes = false) {
  core::RealField field(core::Decomposition(domain, ranks.size()), ranks.rank(), components);
  const core::Box& box = field.box();
  for (int c = 0; c < components; ++c) {
    std::size_t at = 0;
    for (Index i = box.begin[0]; i < box.end[0]; ++i)
      for (Index j = box.begin[1]; j < box.end[1]; ++j)
        for (Index k = box.begin[2]; k < box.end[2]; ++k)
          field.component(c)[at++] = holes && hole(i, j, k) ? std::nan("") : rough(c, i, j, k);
  }
  return field;
}

Domain box_of(std::vector<Index> points, bool periodic) {
  core::Axes axes;
  for (const Index n : points)
    axes.push_back({n, static_cast<double>(n), periodic});
  return Domain(axes);
}

} // namespace

TEST_CASE("Directions: 13 and 73, 4 and 12, one on a line", "[all_lags]") {
  for (const auto& [dimensions, few, many] : {std::tuple{3, 13, 73}, std::tuple{2, 4, 12}, std::tuple{1, 1, 1}}) {
    CHECK(analysis::lag_directions(dimensions, false).size() == static_cast<std::size_t>(few));
    std::set<std::array<double, 3>> rays; // no direction twice, with its opposite
    for (const core::Index3& d : analysis::lag_directions(dimensions, dimensions > 1)) {
      const double length = std::sqrt(static_cast<double>(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]));
      const auto part = [&](std::size_t a) { return std::round(1e9 * static_cast<double>(d[a]) / length) + 0.0; };
      rays.insert({part(0), part(1), part(2)});
      rays.insert({-part(0) + 0.0, -part(1) + 0.0, -part(2) + 0.0});
    }
    CHECK(rays.size() == 2 * static_cast<std::size_t>(many));
  }
}

TEST_CASE("Absolute and real orders along directions equal the sums over all pairs that are there", "[all_lags]") {
  const std::vector<double> orders{1, 2, 2.5};
  const auto self = Communicator::self();
  for (const auto& [periodic, holes] :
       {std::pair{true, false}, std::pair{false, false}, std::pair{true, true}, std::pair{false, true}})
    for (const auto& [points, components] :
         {std::pair{std::vector<Index>{6, 8, 7}, 1}, std::pair{std::vector<Index>{8, 9}, 2},
          std::pair{std::vector<Index>{17}, 1}, std::pair{std::vector<Index>{6, 5, 8}, 3}}) {
      const Domain domain = box_of(points, periodic);
      const PairTables tables = analysis::directional_structure_functions(rough_field(domain, components, self, holes),
                                                                          self, orders, true, holes);
      const std::vector<double> x = analysis::directional_separations(domain, true);
      const Index n[3] = {domain.points(0), domain.points(1), domain.points(2)};
      std::vector<std::vector<double>> along(orders.size(), std::vector<double>(x.size(), 0.0)), across = along;
      std::vector<double> pairs(x.size(), 0.0);
      for (const core::Index3& d : analysis::lag_directions(domain.dimensions(), true))
        for (Index s = 1;
             2 * s * std::abs(d[0]) <= n[0] && 2 * s * std::abs(d[1]) <= n[1] && 2 * s * std::abs(d[2]) <= n[2];
             s *= 2) {
          const double length =
              static_cast<double>(s) * std::sqrt(static_cast<double>(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]));
          std::size_t row = 0;
          while (std::abs(x[row] - length) > 1e-9)
            ++row;
          for (Index p = 0; p < domain.total_points(); ++p) {
            const Index at[3] = {p / (n[1] * n[2]), p / n[2] % n[1], p % n[2]};
            Index to[3];
            bool inside = true;
            for (std::size_t a = 0; a < 3; ++a) {
              to[a] = at[a] + s * d[a];
              inside = inside && (domain.periodic(static_cast<int>(a)) || (to[a] >= 0 && to[a] < n[a]));
              to[a] = (to[a] + n[a]) % n[a];
            }
            if (!inside || (holes && (hole(at[0], at[1], at[2]) || hole(to[0], to[1], to[2]))))
              continue;
            double parallel = 0, whole = 0;
            for (int c = 0; c < components; ++c) {
              const double u = rough(c, to[0], to[1], to[2]) - rough(c, at[0], at[1], at[2]);
              parallel +=
                  components == 1
                      ? u
                      : u * static_cast<double>(s * d[static_cast<std::size_t>(c + domain.first_axis())]) / length;
              whole += u * u;
            }
            pairs[row] += 1;
            for (std::size_t q = 0; q < orders.size(); ++q) {
              along[q][row] += std::pow(std::abs(parallel), orders[q]);
              across[q][row] += std::pow(std::max(0.0, whole - parallel * parallel), orders[q] / 2);
            }
          }
        }
      for (std::size_t q = 0; q < orders.size(); ++q)
        for (std::size_t row = 0; row < x.size(); ++row) {
          CAPTURE(points, components, periodic, orders[q], x[row]);
          CHECK(tables.tables[0][q].count[row] == pairs[row]);
          CHECK(tables.tables[0][q].mean()[row] == Approx(along[q][row] / pairs[row]).epsilon(1e-12));
          // < |cos|^p >: 2/pi, 1/2 for p = 1, 2
          const double c = components == 2 ? 1 : orders[q] == 1 ? 2 / 3.14159265358979323846 : 0.5;
          if (components > 1 && orders[q] < 2.1)
            CHECK(tables.tables[1][q].mean()[row] == Approx(c * across[q][row] / pairs[row]).epsilon(1e-10));
        }
    }
}

TEST_CASE("Directions have the same bits at any number of ranks", "[all_lags][mpi]") {
  const auto world = Communicator::world(), self = Communicator::self();
  bool equal = true;
  for (const bool periodic : {true, false})
    for (const auto& [points, components] :
         {std::pair{std::vector<Index>{12, 10, 9}, 1}, std::pair{std::vector<Index>{8, 9}, 2}}) {
      const Domain domain = box_of(points, periodic);
      const auto here = analysis::directional_structure_functions(rough_field(domain, components, world), world,
                                                                  {1, 2.5}, true),
                 alone = analysis::directional_structure_functions(rough_field(domain, components, self), self,
                                                                   {1, 2.5}, true);
      for (std::size_t kind = 0; kind < alone.tables.size(); ++kind)
        for (std::size_t p = 0; p < 2; ++p)
          for (std::size_t b = 0; b < alone.tables[kind][p].blocks(); ++b)
            equal = equal && test::same_bits(here.tables[kind][p].sum[b], alone.tables[kind][p].sum[b]) &&
                    test::same_bits(here.tables[kind][p].weight[b], alone.tables[kind][p].weight[b]);
    }
  std::int64_t wrong[] = {equal ? 0 : 1};
  world.sum(std::span<std::int64_t>(wrong));
  CHECK(wrong[0] == 0);
}
