// Fractional integrals of a cascade's measure: orders add up, and zeta_q = q H - K(q).

#include "core/ranks/communicator.hpp"
#include "solvers/cascade/fractional_integral.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace cascade;

namespace {

solvers::MultiplicativeCascadeParameters flux(int D, std::int64_t points, double order) {
  solvers::MultiplicativeCascadeParameters p;
  p.model = "lognormal";
  p.mu = 0.25;
  p.embedding_dimension = D;
  p.points = points;
  p.carrier = "integrated";
  p.hurst = order;
  return p;
}

} // namespace

TEST_CASE("Orders of integration add up, and the mean is gone", "[multiplicative][mpi]") {
  const auto world = core::Communicator::world();
  for (const auto& [D, n] : {std::pair<int, std::int64_t>{1, 256}, {2, 32}, {3, 16}}) {
    auto p = flux(D, n, 0.5);
    p.carrier = "density";
    p.hurst.reset();
    const solvers::MultiplicativeCascade cascade(p, 1);
    const core::Decomposition decomposition(core::Domain(D, n), world.size());
    auto twice = cascade.sample(decomposition, world, 0).field, once = twice.clone();
    solvers::integrate_fractionally(twice, world, 0.3);
    solvers::integrate_fractionally(twice, world, 0.45);
    solvers::integrate_fractionally(once, world, 0.75);
    double sum = 0, largest = 0, difference = 0;
    for (std::size_t i = 0; i < once.component(0).size(); ++i) {
      sum += once.component(0)[i];
      largest = std::max(largest, std::abs(once.component(0)[i]));
      difference = std::max(difference, std::abs(once.component(0)[i] - twice.component(0)[i]));
    }
    CHECK(difference < 1e-13 * (1 + 10 * largest));
    std::vector<double> all = world.gather_all(std::span<const double>(&sum, 1));
    double total = 0;
    for (const double s : all)
      total += s;
    CHECK(std::abs(total) < 1e-9);
  }
}

TEST_CASE("An integrated flux has zeta_q = q H - K(q)", "[multiplicative]") {
  constexpr std::int64_t n = 16384;
  constexpr int realisations = 48;
  const solvers::MultiplicativeCascade cascade(flux(1, n, 0.6), 1);
  REQUIRE(cascade.points() == nullptr);
  const auto law = cascade.law();
  CHECK(law->zeta(2) == Approx(1.2 - 0.25));
  CHECK_FALSE(law->hurst());
  constexpr std::size_t smallest = 3, largest = 9;
  std::array<double, largest + 1> first{}, second{}; // <|df|>, <df^2> at lags 2^3 .. 2^9
  for (int r = 0; r < realisations; ++r) {
    const auto sample = cascade.sample(core::Decomposition(core::Domain(1, n), 1), core::Communicator::self(),
                                       static_cast<std::uint64_t>(r));
    REQUIRE_FALSE(sample.active);
    const auto f = sample.field.component(0);
    for (std::size_t j = smallest; j <= largest; ++j)
      for (std::size_t i = 0; i < f.size(); ++i) {
        const double d = f[(i + (std::size_t{1} << j)) % f.size()] - f[i];
        first[j] += std::abs(d);
        second[j] += d * d;
      }
  }
  constexpr double octaves = largest - smallest;
  CHECK(std::log2(first[largest] / first[smallest]) / octaves == Approx(law->zeta(1)).margin(0.04));
  CHECK(std::log2(second[largest] / second[smallest]) / octaves == Approx(law->zeta(2)).margin(0.08));
}

TEST_CASE("Orders of integration that increments do not show are refused", "[multiplicative]") {
  for (const double order : {0.0, 1.0, -0.2}) {
    core::Problems problems;
    flux(1, 64, order).validate(problems);
    REQUIRE_FALSE(problems.empty());
    CHECK(problems.all().front().key == "hurst");
  }
  core::Problems problems, of_eddies;
  flux(1, 64, 0.5).validate(problems);
  CHECK(problems.empty());
  auto p = flux(1, 64, 0.5);
  p.carrier = "eddies";
  p.validate(of_eddies);
  CHECK_FALSE(of_eddies.empty()); // hurst says nothing of eddies
}
