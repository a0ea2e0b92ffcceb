// Weierstrass's function: its waves, its bits, and the laws its means obey.

#include "core/grid/distributed_fft.hpp"
#include "solvers/weierstrass/weierstrass.hpp"
#include "support/same_bits.hpp"
#include "support/sample_statistics.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

using namespace cascade;
using core::Communicator;
using core::Decomposition;
using core::Domain;
using core::Index;

namespace {

solvers::WeierstrassParameters parameters(int D, Index points, double hurst) {
  solvers::WeierstrassParameters p;
  p.embedding_dimension = D;
  p.points = points;
  p.hurst = hurst;
  return p;
}

core::RealField field_of(const solvers::WeierstrassParameters& p, std::uint64_t realisation = 0,
                         const Communicator& self = Communicator::self()) {
  const Domain domain(static_cast<int>(p.embedding_dimension), *p.points);
  return solvers::Weierstrass(p, 7).sample(Decomposition(domain, 1), self, realisation).field;
}

/// The values along the last axis, of the first line.
std::vector<double> line_of(const solvers::WeierstrassParameters& p, std::uint64_t realisation,
                            const Communicator& self) {
  const core::RealField field = field_of(p, realisation, self);
  const auto line = field.line(0, 0, 0);
  return {line.begin(), line.end()};
}

/// Mean over the periodic line of (f(x + r) - f(x))^order, an even order.
double increment(const std::vector<double>& f, std::size_t r, int order) {
  double sum = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    sum += std::pow(f[(i + r) % f.size()] - f[i], order);
  return sum / static_cast<double>(f.size());
}

/// What straight pieces (or constants) of `side` points leave of a line, mean square.
double left_over(const std::vector<double>& f, std::size_t side, int degree) {
  double total = 0;
  for (std::size_t first = 0; first < f.size(); first += side) {
    double square = 0, mean = 0, slope = 0, norm = 0;
    for (std::size_t i = 0; i < side; ++i) {
      const double t = static_cast<double>(i) - 0.5 * static_cast<double>(side - 1), v = f[first + i];
      square += v * v;
      mean += v;
      slope += t * v;
      norm += t * t;
    }
    total += square - mean * mean / static_cast<double>(side) - (degree > 0 ? slope * slope / norm : 0);
  }
  return total / static_cast<double>(f.size());
}

std::shared_ptr<const theory::Expectation> expectation_of(const solvers::WeierstrassParameters& p) {
  const Domain domain(static_cast<int>(p.embedding_dimension), *p.points);
  return solvers::Weierstrass(p, 7).grid()->expectation(Decomposition(domain, 1), Communicator::self(), {});
}

} // namespace

TEST_CASE("One wave an octave along every axis, of amplitude 2^(-l h), and nothing else", "[weierstrass]") {
  for (const int D : {1, 2, 3}) {
    const Index n = 16;
    const double h = 0.4;
    const core::RealField field = field_of(parameters(D, n, h));
    core::SpectralField modes(field.decomposition(), 0);
    core::DistributedFft(field.decomposition(), Communicator::self()).forward(field, modes);
    const double total = 1 + std::exp2(-2 * h) + std::exp2(-4 * h);
    double found = 0, everything = 0;
    const core::Box& box = modes.box();
    for (Index i = 0; i < box.extent(0); ++i)
      for (Index j = 0; j < box.extent(1); ++j)
        for (Index k = 0; k < box.extent(2); ++k) {
          const double energy =
              std::norm(modes.component(0)[static_cast<std::size_t>((i * box.extent(1) + j) * box.extent(2) + k)]) /
              std::pow(static_cast<double>(n), 2 * D);
          everything += energy;
          if (i == 0 && j == 0 && (k == 1 || k == 2 || k == 4)) { // along the last axis
            CHECK(energy == Approx(std::pow(static_cast<double>(k), -2 * h) / (2 * D * total)).epsilon(1e-12));
            found += energy;
          }
        }
    CHECK(found == Approx(0.5 / D).epsilon(1e-12)); // k > 0 only
    // The half space of a real transform holds the waves along other axes twice.
    CHECK(everything == Approx((0.5 + (D - 1)) / D).epsilon(1e-12));
  }
}

TEST_CASE("The same bits on every decomposition", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const int D : {1, 2, 3}) {
    const auto p = parameters(D, 12, 0.3);
    const Domain domain(D, 12);
    const solvers::Weierstrass generator(p, 7);
    const core::RealField whole = field_of(p, 3);
    const Decomposition decomposition(domain, world.size());
    const core::RealField mine = generator.sample(decomposition, world, 3).field;
    const core::Box& box = mine.box();
    std::int64_t wrong[] = {0};
    for (Index i = 0; i < box.extent(0); ++i)
      for (Index j = 0; j < box.extent(1); ++j) {
        const auto line = mine.line(0, i, j);
        const auto expected = whole.line(0, box.begin[0] + i, box.begin[1] + j);
        for (std::size_t k = 0; k < line.size(); ++k)
          wrong[0] += line[k] == expected[static_cast<std::size_t>(box.begin[2]) + k] ? 0 : 1;
      }
    world.sum(std::span<std::int64_t>(wrong));
    CHECK(wrong[0] == 0);
  }
}

TEST_CASE("The second order is the same in every realisation, and a power law at dyadic separations", "[weierstrass]") {
  for (const double h : {0.2, 0.5, 0.8}) {
    const auto p = parameters(1, 1024, h);
    const auto expected = expectation_of(p);
    const auto shells = expected->spectrum(nullptr).value();
    for (const std::uint64_t realisation : {0u, 1u}) {
      const auto f = line_of(p, realisation, Communicator::self());
      double variance = 0;
      for (const double v : f)
        variance += v * v / 1024;
      CHECK(variance == Approx(1).epsilon(1e-12));
      for (const std::size_t r : {1u, 2u, 3u, 7u, 64u, 100u, 511u}) {
        const std::vector<double> at{static_cast<double>(r) / 1024};
        CHECK(increment(f, r, 2) == Approx(expected->increment("", 2, at, nullptr).value()[0]).epsilon(1e-10));
      }
    }
    CHECK(shells.size() == 513);
    CHECK(shells[64] / shells[32] == Approx(std::exp2(-2 * h)));
    CHECK(shells[3] == 0);
    // No ripple from the octaves; what is missing above the box falls as r^2, what is missing below the grid is a
    // constant.
    const auto at = [&](double r) { return expected->increment("", 2, std::vector<double>{r}, nullptr).value()[0]; };
    const auto slope = [&](int j) { return std::log2(at(std::exp2(-j)) / at(std::exp2(-j - 1))); };
    const double first_two = 2 * std::exp2(2 * h) + std::exp2(4 * h); // of the sum over m in (17e); the ninth is below
    const double ninth = 2 * std::numbers::pi * std::numbers::pi * std::exp2(-18 * (1 - h));
    CHECK(slope(8) == Approx(2 * h).margin(ninth / first_two / std::numbers::ln2));
  }
}

TEST_CASE("Cell losses and higher orders are as expected in the mean over phases", "[weierstrass][slow]") {
  const double h = 0.35;
  const auto p = parameters(1, 256, h);
  const auto expected = expectation_of(p), rougher = expectation_of(parameters(1, 256, h - 0.02));
  const std::vector<double> at{4.0 / 256, 16.0 / 256, 64.0 / 256};
  const auto measured = [&](const std::vector<double>& f, int quantity, std::size_t scale) {
    return quantity < 2 ? left_over(f, scale, quantity) : increment(f, scale, 2 * quantity); // orders 4 and 6
  };
  const auto theory = [&](const theory::Expectation& e, int quantity) {
    return (quantity < 2 ? e.loss(2, quantity, false, at, nullptr) : e.increment("", 2 * quantity, at, nullptr))
        .value();
  };
  const Communicator self = Communicator::self();
  std::array<std::array<test::Sample, 3>, 4> mean;
  for (std::uint64_t r = 0; r < 1000; ++r) {
    const auto f = line_of(p, r, self);
    for (std::size_t quantity = 0; quantity < 4; ++quantity)
      for (std::size_t i = 0; i < 3; ++i)
        mean[quantity][i].add(
            measured(f, static_cast<int>(quantity), static_cast<std::size_t>(std::lround(256 * at[i]))));
  }
  for (std::size_t quantity = 0; quantity < 4; ++quantity) {
    const auto right = theory(*expected, static_cast<int>(quantity)),
               wrong = theory(*rougher, static_cast<int>(quantity));
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(quantity, at[i], mean[quantity][i].mean(), mean[quantity][i].standard_error(), right[i]);
      CHECK(std::abs(mean[quantity][i].z(right[i])) < 4);
    }
    CHECK(std::abs(mean[quantity][0].z(wrong[0])) > 8); // h off by .02 is seen
  }
  CHECK_FALSE(expected->increment("", 3, at, nullptr));
  CHECK_FALSE(expected->loss(4, 0, false, at, nullptr));
}

TEST_CASE("Losses of a square are those of its axes, and the family at the field's own h is its expectation",
          "[weierstrass]") {
  const double h = 0.3;
  const std::vector<double> at{2.0 / 64, 8.0 / 64, 32.0 / 64};
  const std::vector<std::int64_t> sides{2, 8, 32};
  const auto line = expectation_of(parameters(1, 64, h)), square = expectation_of(parameters(2, 64, h));
  const solvers::Weierstrass generator(parameters(2, 64, h), 7);
  const auto family = generator.grid()->family(64, 2);
  for (const int degree : {0, 1, 2}) {
    const auto one = line->loss(2, degree, false, at, nullptr).value();
    const auto two = square->loss(2, degree, false, at, nullptr).value();
    const auto curve = family->loss(h, 2, degree, false, sides, {});
    for (std::size_t i = 0; i < at.size(); ++i) {
      CHECK(two[i] == Approx(one[i]).margin(1e-14));
      CHECK(curve[i] * two[1] == Approx(two[i] * curve[1]).margin(1e-14));
    }
  }
  const auto one = line->increment("", 2, at, nullptr).value(), two = square->increment("", 2, at, nullptr).value();
  for (std::size_t i = 0; i < at.size(); ++i)
    CHECK(two[i] == Approx(one[i] / 2)); // a step along one axis meets the waves of that axis only
  // Octaves that are not there: a geometric series.
  const auto longer = solvers::Weierstrass(parameters(1, 1 << 20, h), 7).grid()->family(1 << 20, 0);
  const double all =
      longer->missing_variance(h, {}, 1) + longer->loss(h, 2, 0, false, std::vector<std::int64_t>{1 << 20}, {})[0];
  const double few =
      family->missing_variance(h, {}, 1) + family->loss(h, 2, 0, false, std::vector<std::int64_t>{64}, {})[0];
  CHECK(few == Approx(all));
}

TEST_CASE("The law is p h up to saturation, and promises no slope of a spectrum of lines", "[weierstrass]") {
  const auto law = solvers::Weierstrass(parameters(2, 64, 0.3), 7).law();
  CHECK(law->zeta(4) == Approx(1.2));
  CHECK(law->dimension() == 2);
  CHECK_FALSE(law->spectrum_slope());
}

TEST_CASE("Waves that the grid cannot show are refused", "[weierstrass]") {
  const auto complaint = [](const solvers::WeierstrassParameters& p) {
    core::Problems problems;
    p.validate(problems);
    return problems.empty() ? "" : problems.all().front().key;
  };
  auto p = parameters(1, 64, 0.3);
  CHECK(complaint(p).empty());
  CHECK(p.resolved_octaves() == 5); // 1, 2, 4, 8, 16; 32 is Nyquist's
  p.points = 65;
  CHECK(p.resolved_octaves() == 6);
  p.octaves = 6;
  CHECK(complaint(p).empty());
  p.octaves = 7;
  CHECK(complaint(p) == "octaves");
}
