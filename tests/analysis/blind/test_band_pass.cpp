// Energies and moments of bands: the same bits at any rank count, a wave in its own shell, what a taper keeps.

#include "analysis/blind/band_pass.hpp"
#include "analysis/grid_test_fields.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>
#include <numeric>

using namespace cascade;
using analysis::BandLayout;
using analysis::BandTables;
using analysis::BlockTable;

namespace {

bool same(const BlockTable& a, const BlockTable& b) {
  bool equal = test::same_bits(a.x, b.x) && test::same_bits(a.count, b.count) && a.blocks() == b.blocks();
  for (std::size_t block = 0; equal && block < a.blocks(); ++block)
    equal = test::same_bits(a.sum[block], b.sum[block]) && test::same_bits(a.weight[block], b.weight[block]);
  return equal;
}

bool same(const BandTables& a, const BandTables& b) {
  bool equal = same(a.energy, b.energy) && a.moments.size() == b.moments.size();
  for (std::size_t q = 0; equal && q < a.moments.size(); ++q)
    equal = same(a.moments[q], b.moments[q]);
  return equal;
}

core::Domain open_box(const std::vector<core::Index>& points) {
  return test::unit_spacing(points, std::vector<bool>(points.size(), false));
}

} // namespace

TEST_CASE("Bands of a field have the same bits at any rank count", "[blind][mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  for (const core::Domain& domain : {core::Domain(1, 300), core::Domain(2, 45), core::Domain(3, 20), open_box({200}),
                                     open_box({40, 40}), open_box({18, 18, 18})})
    for (const int components : {1, domain.dimensions()}) {
      const BandLayout layout(core::Domain(domain.dimensions(), domain.points()), components, domain.periodic(2),
                              {1, 3, 4});
      const BandTables serial =
          analysis::band_tables(test::noise(core::Decomposition(domain, 1), 0, components, 4), layout, self);
      for (const auto& grid : test::process_grids(domain, comm.size())) {
        const BandTables found = analysis::band_tables(test::noise(grid, comm.rank(), components, 4), layout, comm);
        CAPTURE(domain.dimensions(), domain.periodic(2), components);
        CHECK(same(found, serial));
      }
    }
}

TEST_CASE("A wave fills one shell; shells add up to the variance below the corners", "[blind]") {
  const auto self = core::Communicator::self();
  const core::Domain domain(2, 64);
  const BandLayout layout(domain, 1, true, {4});
  const core::RealField wave = test::make_field(core::Decomposition(domain, 1), 0, 1, [](int, const core::Index3& i) {
    return 3 + 2 * std::sin(2 * std::numbers::pi * static_cast<double>(6 * i[1] + 8 * i[2]) / 64); // |k| = 10
  });
  const auto energies = analysis::band_tables(wave, layout, self).energy.mean();
  for (std::size_t j = 0; j < layout.bins().count(); ++j) {
    const auto& shell = layout.bins()[j];
    CHECK(energies[j] == Approx(shell.above < 100 && 100 <= shell.up_to ? 2.0 : 0.0).margin(1e-12));
  }
}

TEST_CASE("A moment of a wave is that of a cosine, times the filter's gain", "[blind]") {
  const auto self = core::Communicator::self();
  const core::Index n = 4096;
  const core::Domain domain(1, n);
  const BandLayout layout(domain, 1, true, {4});
  const core::RealField wave = test::make_field(core::Decomposition(domain, 1), 0, 1, [&](int, const core::Index3& i) {
    return std::sin(2 * std::numbers::pi * 200 * static_cast<double>(i[2]) / static_cast<double>(n));
  });
  const BandTables tables = analysis::band_tables(wave, layout, self);
  for (std::size_t j = 0; j < layout.wavelets().size(); ++j) {
    const double x = std::pow(200 / layout.wavelets()[j], 2), gain = x * x * std::exp(-2 * x);
    CHECK(tables.moments[0].mean()[j] == Approx(gain * gain / 2).margin(1e-13));
    CHECK(tables.moments[1].mean()[j] == Approx(std::pow(gain, 4) * 3 / 8).margin(1e-13));
  }
}

TEST_CASE("A box cut out of a long wave keeps its energy in the shells about it", "[blind]") {
  const auto self = core::Communicator::self();
  const core::Domain open = open_box({1000});
  const BandLayout layout(core::Domain(1, 1000), 1, false, {});
  const core::RealField wave = test::make_field(core::Decomposition(open, 1), 0, 1, [](int, const core::Index3& i) {
    return 5 + std::sin(2 * std::numbers::pi * 40.4 * static_cast<double>(i[2]) / 1000 + 0.3);
  });
  const auto energies = analysis::band_tables(wave, layout, self).energy.mean();
  double inside = 0, far = 0;
  for (std::size_t j = 0; j < layout.bins().count(); ++j)
    (std::abs(std::log2(layout.bins()[j].wavenumber / 40.4)) < 0.6 ? inside : far) += energies[j];
  CHECK(inside == Approx(0.5).epsilon(0.01));
  CHECK(far < 1e-4);
}
