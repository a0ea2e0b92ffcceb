// Blind exponents of tables whose law is known, and when there are none.

#include "analysis/blind/blind_fits.hpp"

#include <catch2/catch.hpp>
#include <gsl/gsl_sf_psi.h>

#include <cmath>

using namespace cascade;
using analysis::BandLayout;
using analysis::BandTables;
using analysis::BlindExponent;
using analysis::BlindFits;
using analysis::BlockTable;
using analysis::FitStatus;

namespace {

/// The same value in all blocks of a table.
BlockTable even(const std::vector<double>& x, const std::vector<double>& values, std::size_t blocks) {
  BlockTable table;
  table.x = x;
  table.sum.assign(blocks, values);
  table.weight.assign(blocks, std::vector<double>(values.size(), 1.0));
  table.count.assign(values.size(), 1.0);
  return table;
}

/// Energies of P(k) = |k|^-beta, each at its typical value: what a Gaussian field of no luck at all would show.
BandTables power_law(
    const BandLayout& layout, double beta, double flatness = 3,
    const std::function<double(double)>& factor = [](double) { return 1.0; }) {
  std::vector<double> x, energies;
  for (std::size_t j = 0; j < layout.bins().count(); ++j) {
    const auto& shell = layout.bins()[j];
    const double m = shell.modes / 2 * layout.amplitudes() * analysis::effective_share(shell, beta);
    x.push_back(1 / shell.wavenumber);
    energies.push_back(std::exp(shell_power(shell, beta).log_sum + gsl_sf_psi(m) - std::log(m)) *
                       factor(shell.wavenumber));
  }
  BandTables tables;
  tables.energy = even(x, energies, layout.blocks());
  std::vector<double> scales;
  for (const double k : layout.wavelets())
    scales.push_back(1 / k);
  for (const double order : layout.orders()) {
    std::vector<double> values;
    for (const double k : layout.wavelets())
      values.push_back(std::pow(k, -(beta - layout.domain().dimensions()) * order / 2) * (order == 2 ? 1 : flatness));
    tables.moments.push_back(even(scales, values, layout.blocks()));
  }
  return tables;
}

} // namespace

TEST_CASE("A spectrum without luck gives the exponent it has, with the error of its modes", "[blind]") {
  const BandLayout layout(core::Domain(1, 1000), 1, true, {1, 3, 4});
  const BlindFits fits(layout, power_law(layout, 1.8));
  const BlindExponent second = fits.zeta(2);
  CHECK(second.status == FitStatus::good);
  CHECK(std::abs(second.value - 0.8) < 0.2 * second.error); // models that expect aliases find a few
  // One power law through all shells has sqrt(.002473) = .0497; models with corrections and shorter ranges add to it.
  CHECK(second.error > 0.0497);
  CHECK(second.error < 0.08);
  CHECK(second.octaves > 6);
  // a flatness that is the same at all scales: zeta_q = q zeta_2/2
  for (const double q : {1.0, 3.0, 4.0}) {
    CHECK(fits.zeta(q).value == Approx(q / 2 * second.value).margin(0.01));
    CHECK(fits.zeta(q).error > q / 2 * second.error * 0.99);
  }
}

TEST_CASE("Twice the exponent, another answer; more realisations, a smaller error", "[blind]") {
  const BandLayout layout(core::Domain(2, 256), 1, true, {});
  BandTables tables = power_law(layout, 3.2);
  const BlindExponent one = BlindFits(layout, tables).zeta(2);
  CHECK(one.value == Approx(1.2).margin(0.003));
  for (int r = 1; r < 4; ++r)
    tables.append(power_law(layout, 3.2));
  CHECK(BlindFits(layout, tables).zeta(2).error < 0.75 * one.error);
  CHECK(BlindFits(layout, power_law(layout, 2.6)).zeta(2).value == Approx(0.6).margin(0.003));
}

TEST_CASE("What falls at the grid's end is a correction and not an exponent", "[blind]") {
  const BandLayout layout(core::Domain(1, 30000), 1, true, {});
  const auto dissipated = power_law(layout, 1.6, 3, [](double k) { return std::exp(-k * k / (4000.0 * 4000)); });
  const BlindExponent found = BlindFits(layout, dissipated).zeta(2);
  CHECK(std::abs(found.value - 0.6) < 2 * found.error);
  CHECK(found.error < 0.05);
}

TEST_CASE("One octave has no exponent", "[blind]") {
  const BandLayout layout(core::Domain(1, 16384), 1, true, {3});
  const auto band = power_law(layout, 1.6, 3, [](double k) { return k >= 1000 && k <= 2000 ? 1.0 : 1e-20; });
  const BlindFits fits(layout, band);
  CHECK(fits.zeta(2).status == FitStatus::no_range);
  CHECK(fits.zeta(3).status == FitStatus::no_range);
  CHECK_FALSE(fits.zeta(2).reason.empty());
}

TEST_CASE("A grid of few octaves has no other orders", "[blind]") {
  const BandLayout layout(core::Domain(3, 24), 1, true, {4});
  const BlindFits fits(layout, power_law(layout, 3.7));
  CHECK(fits.zeta(4).status == FitStatus::no_range);
  CHECK_THROWS_AS(fits.zeta(5), std::invalid_argument);
}
