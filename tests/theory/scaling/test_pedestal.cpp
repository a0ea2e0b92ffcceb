#include "theory/scaling/pedestal.hpp"
#include "theory/scaling/scaling_cost.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace cascade::theory;

namespace {

/// Roundoff of a power and a few products.
constexpr double roundoff = 64 * std::numeric_limits<double>::epsilon();

Approx about(double value) {
  return Approx(value).epsilon(roundoff).margin(0);
}

} // namespace

TEST_CASE("pedestal: critical sizes and running exponents of the paper") {
  const double a = 1.0 / 3.0;
  // ((1-p)/p)^3 is rational; running exponent at N = 10^6, where x^a = 1/100: a (1-p)/(100 p + 1 - p)
  for (const auto& [p, critical] : {std::pair{0.01, 970299.0}, {0.05, 6859.0}, {0.1, 729.0}, {0.2, 64.0}}) {
    CHECK(critical_resources({p, a}) == about(critical));
    CHECK(running_exponent({p, a}, 1e-6) == about(a * (1 - p) / (100 * p + 1 - p)));
    CHECK(running_exponent({p, a}, 1 / critical) == about(a / 2));
    CHECK(running_exponent({p, a}, 1) == about(a * (1 - p)));
    CHECK(critical_fraction(a, critical) == about(p));
  }
}

TEST_CASE("pedestal: the running exponent is the slope of the loss") {
  const Pedestal law{0.07, 0.4};
  for (const double x : {1.0, 1e-2, 1e-5}) {
    const double step = 1e-4; // centred difference: error of order step^2
    const double slope =
        (std::log(pedestal_loss(law, x * std::exp(step))) - std::log(pedestal_loss(law, x * std::exp(-step)))) /
        (2 * step);
    CHECK(running_exponent(law, x) == Approx(slope).margin(step * step));
  }
  CHECK(pedestal_loss(law, 1) == about(1));
  CHECK(std::isinf(critical_resources({0, 0.4})));
  CHECK(running_exponent({0, 0.4}, 1e-9) == about(0.4));
}

TEST_CASE("scaling cost: factors that halve the loss") {
  CHECK(halving_factor(0.05) == about(1048576));
  CHECK(halving_factor(0.1) == about(1024));
  CHECK(halving_factor(1.0 / 3.0) == about(8));
  CHECK(halving_factor(0.5) == about(4));
  CHECK(halving_factor(2) == about(std::sqrt(2.0)));
  // 2^(1/0.076) and 2^(1/0.095) by decimal arithmetic of 40 digits
  CHECK(halving_factor(0.076) == Approx(9139.46966230256571).epsilon(1e-12).margin(0));
  CHECK(halving_factor(0.095) == Approx(1474.81245443968922).epsilon(1e-12).margin(0));
}

TEST_CASE("scaling cost: what does not fall is never halved, and large factors keep their logarithm") {
  CHECK(std::isinf(halving_factor(0)));
  CHECK(std::isinf(halving_factor(-0.1)));
  CHECK(std::isinf(halving_factor_total(0, 1, -0.1)));
  CHECK(log10_halving_factor(0.05) == about(std::log10(1048576.0)));
  CHECK(log10_halving_factor(1.0 / 1500) == about(1500 * std::log10(2.0)));
  CHECK(std::isinf(log10_halving_factor(0)));
}

TEST_CASE("scaling cost: halving a loss that stands on a pedestal") {
  CHECK(halving_factor_total(0, 1, 0.5) == about(halving_factor(0.5)));
  const double e = 0.3, r = 1, factor = halving_factor_total(e, r, 0.4);
  CHECK(e + r * std::pow(factor, -0.4) == about((e + r) / 2));
  CHECK(std::isinf(halving_factor_total(1, 1, 0.5))); // the pedestal is half of the loss
}

TEST_CASE("scaling cost: sizes, grids, dimensions, best use of compute") {
  CHECK(critical_size(1e6, 2) == about(1000));
  CHECK(critical_size(10, 0.5) == about(100));
  CHECK(grid_exponent(2, 3) == about(2.0 / 3.0));
  CHECK(smooth_exponent(1000) == about(0.004));
  CHECK(rough_exponent_paper(1.0 / 3.0, 40) == about(1.0 / 30));
  CHECK(rough_exponent_mean_square(1.0 / 3.0, 40) == about(1.0 / 60));
  // N = C^s, D = C^(1-s): both terms fall alike at the best share
  const double share = compute_optimal_share(0.34, 0.28), gamma = compute_optimal_exponent(0.34, 0.28);
  CHECK(0.34 * share == about(gamma));
  CHECK(0.28 * (1 - share) == about(gamma));
}
