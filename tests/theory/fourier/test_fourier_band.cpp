// The mean of a plane wave over directions, and the second order of a band of waves.

#include "theory/fourier/fourier_band.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace cascade;

TEST_CASE("Mean of a cosine over directions: known forms in one, two, three and many dimensions", "[fourier_band]") {
  for (const double z : {0.0, 1e-6, 0.3, 1.0, 2.7, 9.0, 40.0, 300.0}) {
    CAPTURE(z);
    CHECK(theory::isotropic_cosine(1, z) == Approx(std::cos(z)).margin(1e-12));
    CHECK(theory::isotropic_cosine(2, z) == Approx(std::cyl_bessel_j(0, z)).margin(1e-9));
    CHECK(theory::isotropic_cosine(3, z) == Approx(z > 0 ? std::sin(z) / z : 1).margin(1e-11));
    // Four: 2 J_1(z)/z. Five: 3 (sin z - z cos z)/z^3.
    if (z > 0.01) {
      CHECK(theory::isotropic_cosine(4, z) == Approx(2 * std::cyl_bessel_j(1, z) / z).margin(1e-9));
      CHECK(theory::isotropic_cosine(5, z) == Approx(3 * (std::sin(z) - z * std::cos(z)) / (z * z * z)).margin(1e-9));
    }
  }
  for (const double z : {1.0, 10.0, 30.0, 60.0, 200.0, 3000.0}) // the first correction is z^4/(4 D^3)
    CHECK(theory::isotropic_cosine(1000, z) ==
          Approx(std::exp(-z * z / 2000)).margin(1e-9 + z * z * z * z / 2e9 * std::exp(-z * z / 2000)));
}

TEST_CASE("Mean of a cosine over directions against quadrature over the angle", "[fourier_band]") {
  for (const int D : {6, 20, 50, 101})
    for (const double z : {0.5, 4.0, 15.0, 33.0, 70.0, 150.0}) {
      double sum = 0, weight = 0;
      constexpr int n = 20000; // density of the polar angle: sin^(D-2)
      for (int i = 0; i < n; ++i) {
        const double angle = std::numbers::pi * (i + 0.5) / n, w = std::pow(std::sin(angle), D - 2);
        sum += w * std::cos(z * std::cos(angle));
        weight += w;
      }
      CAPTURE(D, z);
      CHECK(theory::isotropic_cosine(D, z) == Approx(sum / weight).margin(1e-9));
    }
}

TEST_CASE("S_2 of a band: variance at infinity, r^2 below the shortest wave, r^2h between", "[fourier_band]") {
  for (const auto& [D, h] : {std::pair{1, 0.2}, {3, 0.8}, {100, 0.2}, {1, 0.8}}) {
    const theory::FourierBand band(D, h, 1, 24, 4);
    CAPTURE(D, h);
    CHECK(band.increment(1000) == Approx(2).epsilon(D == 1 ? 0.01 : 0.005));
    CHECK(std::log2(band.increment(0x1p-34) / band.increment(0x1p-35)) == Approx(2).epsilon(1e-6));
    const double local = std::log2(band.increment(0x1p-12) / band.increment(0x1p-13));
    CHECK(local == Approx(2 * h).margin(0.06));
    CHECK(local != Approx(2 * h + 0.1).margin(0.03));
    // How the band is cut into shells does not matter.
    CHECK(theory::FourierBand(D, h, 1, 24, 3).increment(0.01) == Approx(band.increment(0.01)).epsilon(1e-5));
  }
}
