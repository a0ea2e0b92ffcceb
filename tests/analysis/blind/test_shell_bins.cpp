// Half-octave shells: every wave vector of the ball once, sums of powers exact where lengths are few.

#include "analysis/blind/shell_bins.hpp"

#include <catch2/catch.hpp>
#include <gsl/gsl_sf_psi.h>

#include <cmath>

using namespace cascade;
using analysis::ShellBins;

TEST_CASE("Shells of a line hold the known numbers of waves") {
  const ShellBins bins(core::Domain(1, 1000));
  const std::vector<int> pairs{147, 103, 73, 52, 36, 26, 18, 13, 9, 7, 4, 4, 2, 2, 1, 1, 1};
  REQUIRE(bins.count() == pairs.size());
  for (std::size_t j = 0; j < pairs.size(); ++j)
    CHECK(bins[j].modes == 2 * pairs[j]);
  CHECK(bins[0].up_to == 499.0 * 499.0);
  CHECK(bins[bins.count() - 1].wavenumber == 1);
}

TEST_CASE("Shells of a plane and a cube hold the whole ball, each wave vector once") {
  for (const int dimensions : {2, 3}) {
    const core::Index largest = 10;
    const ShellBins bins(core::Domain(dimensions, 2 * largest + 1));
    double held = 0, counted = 0;
    for (std::size_t j = 0; j < bins.count(); ++j)
      held += bins[j].modes;
    const core::Index third = dimensions == 3 ? largest : 0;
    for (core::Index a = -third; a <= third; ++a)
      for (core::Index b = -largest; b <= largest; ++b)
        for (core::Index c = -largest; c <= largest; ++c)
          counted += a * a + b * b + c * c <= largest * largest;
    CHECK(held == counted - 1); // all but k = 0
  }
}

TEST_CASE("Sums of three squares count the same wave vectors as going through them one by one") {
  for (const core::Index points : {5, 21, 64, 129, 200}) {
    const core::Domain cube(3, points);
    const ShellBins direct(cube, ShellBins::Counting::one_by_one), squares(cube, ShellBins::Counting::by_squares);
    CAPTURE(points);
    REQUIRE(direct.count() == squares.count());
    for (std::size_t j = 0; j < direct.count(); ++j) {
      CHECK(direct[j].modes == squares[j].modes);
      CHECK(direct[j].above == squares[j].above);
      CHECK(squares[j].wavenumber == Approx(direct[j].wavenumber).epsilon(1e-12));
      REQUIRE(direct[j].nodes.size() == squares[j].nodes.size());
      for (std::size_t i = 0; i < direct[j].nodes.size(); ++i) {
        CHECK(direct[j].nodes[i].count == squares[j].nodes[i].count);
        CHECK(squares[j].nodes[i].log_k == Approx(direct[j].nodes[i].log_k).epsilon(1e-12).margin(1e-12));
      }
    }
  }
  CHECK(ShellBins::usual(core::Domain(3, 1024)) == ShellBins::Counting::by_squares);
  CHECK(ShellBins::usual(core::Domain(3, 1023)) == ShellBins::Counting::one_by_one);
  CHECK(ShellBins::usual(core::Domain(2, 4096)) == ShellBins::Counting::one_by_one);
}

TEST_CASE("Effective numbers of modes give the reference variances") {
  const ShellBins bins(core::Domain(1, 1000));
  const double beta = 1.78266; // 1 - slope of the log energies against the log of the root mean square wavenumber
  const double reference[] = {.0070483, .0100689, .0142375};
  for (std::size_t j = 0; j < 3; ++j)
    CHECK(gsl_sf_psi_1(bins[j].modes / 2 * effective_share(bins[j], beta)) == Approx(reference[j]).margin(1e-7));
}

TEST_CASE("Sums of powers over a shell are those over its wave vectors") {
  const ShellBins bins(core::Domain(1, 4001));
  for (std::size_t j = 0; j < bins.count(); ++j) {
    double sum = 0, weighted = 0;
    for (int k = 1; k <= 2000; ++k)
      if (const double squared = static_cast<double>(k) * k; squared > bins[j].above && squared <= bins[j].up_to) {
        sum += 2 * std::pow(k, -2.3);
        weighted += 2 * std::pow(k, -2.3) * std::log(k);
      }
    const auto power = analysis::shell_power(bins[j], 2.3);
    CHECK(power.log_sum == Approx(std::log(sum)).epsilon(1e-5));
    CHECK(power.slope == Approx(-weighted / sum).epsilon(1e-5));
  }
}
