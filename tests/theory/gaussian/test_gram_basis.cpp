// Discrete orthonormal polynomials: orthonormality, reproduction of polynomials, slices.

#include "theory/gaussian/gram_basis.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

using cascade::theory::GramBasis;

namespace {
constexpr double epsilon = std::numeric_limits<double>::epsilon();
}

TEST_CASE("Gram polynomials are orthonormal") {
  for (const std::int64_t points : {3, 4, 5, 8, 27, 64, 1000}) {
    const int degree = 2;
    const auto g = GramBasis(points, degree).slice(0, points);
    const auto n = static_cast<std::size_t>(points);
    for (std::size_t a = 0; a <= 2; ++a)
      for (std::size_t b = 0; b <= 2; ++b) {
        double product = 0;
        for (std::size_t i = 0; i < n; ++i)
          product += g[a * n + i] * g[b * n + i];
        CHECK(product == Approx(a == b ? 1.0 : 0.0).margin(20 * epsilon * std::sqrt(static_cast<double>(points))));
      }
  }
}

TEST_CASE("Gram polynomials of degree d annihilate polynomials of lower degree and keep the others") {
  const std::int64_t points = 16;
  const auto g = GramBasis(points, 3).slice(0, points);
  for (int power = 0; power <= 3; ++power)
    for (std::size_t d = 0; d <= 3; ++d) {
      double moment = 0;
      for (std::size_t i = 0; i < 16; ++i)
        moment += g[d * 16 + i] * std::pow(static_cast<double>(i) / 15.0, power);
      if (static_cast<int>(d) > power)
        CHECK(moment == Approx(0).margin(100 * epsilon));
      else
        CHECK(std::fabs(moment) > 0.01);
    }
}

TEST_CASE("A slice of the basis is the same as that part of the whole") {
  const GramBasis basis(40, 2);
  const auto whole = basis.slice(0, 40), part = basis.slice(17, 9);
  for (std::size_t d = 0; d <= 2; ++d)
    for (std::size_t i = 0; i < 9; ++i)
      CHECK(part[d * 9 + i] == whole[d * 40 + 17 + i]);
}

TEST_CASE("A basis needs more points than its degree") {
  CHECK_THROWS_AS(GramBasis(2, 2), std::invalid_argument);
  CHECK_THROWS_AS(GramBasis(4, -1), std::invalid_argument);
  CHECK_NOTHROW(GramBasis(1, 0));
}
