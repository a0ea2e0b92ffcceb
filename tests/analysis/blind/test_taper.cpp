// What a taper does to a power spectrum.

#include "analysis/blind/taper.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

using namespace cascade;

namespace {

constexpr int points = 512, wider = 4; ///< the box is a quarter of a periodic one

/// |W(q)|^2 of the taper at wavenumber q of the box.
double kernel(double q) {
  std::complex<double> sum = 0;
  for (int i = 0; i < points; ++i)
    sum += std::polar(analysis::cosine_taper(i, points), 2 * std::numbers::pi * q * i / points);
  return std::norm(sum);
}

/// Expected tapered power at k, over that of the same sum of a spectrum |q|^-beta that the kernel does not spread.
double raised(double beta, int k) {
  double spread = 0, norm = 0;
  for (int m = -wider * points / 4; m <= wider * points / 4; ++m) {
    const double q = static_cast<double>(m) / wider, weight = kernel(k - q);
    norm += weight;
    if (m != 0)
      spread += weight * std::pow(std::abs(q), -beta);
  }
  return spread / norm * std::pow(k, beta);
}

} // namespace

TEST_CASE("A taper raises a steep spectrum as the variance of its kernel says", "[taper]") {
  for (const double beta : {1.4, 2.0, 2.8})
    for (const int k : {12, 16, 24}) {
      const double excess = raised(beta, k) - 1, law = analysis::taper_excess(1, beta, k).value;
      CAPTURE(beta, k, excess, law);
      CHECK(excess == Approx(law).epsilon(0.2)); // the next order is (beta/k)^2 of it, and waves longer than the box
    }
}

TEST_CASE("The slope of a taper's excess is its derivative", "[taper]") {
  for (const int dimensions : {1, 2, 3}) {
    const double step = 1e-6, beta = dimensions + 0.8;
    const double difference = analysis::taper_excess(dimensions, beta + step, 5).value -
                              analysis::taper_excess(dimensions, beta - step, 5).value;
    CHECK(analysis::taper_excess(dimensions, beta, 5).slope == Approx(difference / (2 * step)).epsilon(1e-6));
  }
}

TEST_CASE("The share of the modes under the taper is that of its fourth power", "[taper]") {
  for (const int dimensions : {1, 2, 3}) // r = 3/8: (1 - 5 r/4)^2/(1 - 93 r/64)
    CHECK(analysis::share_under_taper(core::Domain(dimensions, 4096)) ==
          Approx(std::pow(std::pow(1 - 5 * 0.375 / 4, 2) / (1 - 93 * 0.375 / 64), dimensions)).epsilon(1e-4));
}
