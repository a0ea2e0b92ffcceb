// The minimum of a function of one variable.

#include "analysis/fit/minimise.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace cascade;
using analysis::minimise;
using analysis::Search;

TEST_CASE("A minimum is found to the tolerance, in few evaluations", "[minimise]") {
  int evaluations = 0;
  const auto f = [&](double x) {
    ++evaluations;
    return std::cosh(3 * (x - 0.321)) + 0.1 * std::pow(x - 0.321, 4);
  };
  const auto best = minimise(f, {0, 1, 24, 1e-7});
  CHECK(best.at == Approx(0.321).margin(2e-7));
  CHECK_FALSE(best.on_bound);
  CHECK(evaluations < 25 + 20); // golden sections alone: 25 + 29
}

TEST_CASE("The deeper of two minima wins where the scan tells them apart", "[minimise]") {
  const auto f = [](double x) { return std::min(std::abs(x - 0.2), std::abs(x - 0.9) - 0.1); };
  CHECK(minimise(f, {0, 1}).at == Approx(0.9).margin(1e-6));
}

TEST_CASE("The search goes on where the function falls, but not past its bounds", "[minimise]") {
  const auto f = [](double x) { return std::pow(x - 5.3, 2); };
  CHECK(minimise(f, {0, 1}).at == Approx(5.3).margin(1e-6));
  CHECK(minimise(f, {9, 10}).at == Approx(5.3).margin(1e-6));
  const auto low = minimise(f, {9, 10, 24, 1e-7, 6, 20}), high = minimise(f, {0, 1, 24, 1e-7, -3, 4});
  CHECK(low.at == Approx(6).margin(1e-6));
  CHECK(high.at == Approx(4).margin(1e-6));
  CHECK(low.at >= 6);
  CHECK(high.at <= 4);
  CHECK(low.on_bound);
  CHECK(high.on_bound);
  CHECK_FALSE(minimise(f, {9, 10, 24, 1e-7, -20, 20}).on_bound);
}

TEST_CASE("Infinite values are walls", "[minimise]") {
  const auto f = [](double x) { return x < 0.5 ? std::numeric_limits<double>::infinity() : x; };
  CHECK(minimise(f, {0, 1}).at == Approx(0.5).margin(1e-6));
}
