// Oriented cascades: the point view against the formula, and cells shown alive against cells that are.

#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/points.hpp"
#include "solvers/cascade/spine.hpp"
#include "tests/solvers/naive_cascade.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using core::Coordinate;
using solvers::CascadeRules;

namespace {

/// Sum over the levels from the root down, the long way round.
double by_hand(const CascadeRules& rules, core::Block key, const Coordinate* x, int forced) {
  double sum = 0;
  for (int l = 0; l < rules.levels; ++l) {
    if (l > 0) {
      key = solvers::child_key(key, x, rules.dimensions, l - 1);
      if (l > forced && !rules.alive(key))
        break;
    }
    const double t = std::ldexp(static_cast<double>(x[rules.orientation(key)] << l), -64);
    sum += rules.sign(key) * rules.amplitude[static_cast<std::size_t>(l)] * theory::EddyProfile::wave(2 * t - 1);
  }
  return sum;
}

} // namespace

TEST_CASE("An oriented cascade is the sum of waves along the axes of its eddies", "[cascade_spine]") {
  for (const int D : {1, 3, 10}) {
    const CascadeRules rules(D, 30, D - 0.3, 0.4, 1, 2, true);
    const auto points = test::random_points(D, 200, 3);
    std::vector<double> values(200);
    solvers::CascadePoints(rules).evaluate(points, values);
    for (std::size_t i = 0; i < values.size(); ++i)
      CHECK(values[i] == Approx(by_hand(rules, rules.root, &points[i * static_cast<std::size_t>(D)], 0)).margin(1e-14));
  }
}

TEST_CASE("A shown cell has its ancestors alive whatever the odds, and lives by the rules below", "[cascade_spine]") {
  for (const auto& [D, d] : {std::pair{3, 2.2}, std::pair{64, 10.0}, std::pair{130, 129.9}, std::pair{1024, 1000.0}}) {
    const CascadeRules rules(D, 24, d, 0.3, 1, 0, true);
    const solvers::CascadeSpine spine(rules, 1);
    const core::CounterRng roots(1, solvers::spine_roots);
    const auto n = static_cast<std::size_t>(D);
    for (const int level : {0, 1, 7, 20}) {
      const auto random = test::random_points(D, 20, static_cast<std::uint64_t>(level));
      std::vector<Coordinate> corner(random.begin(), random.begin() + D), points(random);
      if (level > 0)
        for (std::size_t i = 0; i < points.size(); ++i) {
          corner[i % n] &= ~Coordinate{0} << (64 - level);
          points[i] = corner[i % n] | points[i] >> level;
        }
      else
        corner.assign(n, 0);
      std::vector<double> values(20), other(20);
      spine.evaluate_in_cell(5, corner, level, points, values);
      spine.evaluate_in_cell(6, corner, level, points, other);
      for (std::size_t i = 0; i < values.size(); ++i)
        CHECK(values[i] == Approx(by_hand(rules, roots.block(5), &points[i * n], level)).margin(1e-14));
      CHECK(values != other);
    }
  }
}

TEST_CASE("Tiny odds are compared with 64 bits, large ones with the first word as ever", "[cascade_spine]") {
  const auto rules = [](int D, double d) { return CascadeRules(D, 4, d, 0.3, 1, 0, true); };
  for (const double d : {2.0, 2.2, 2.8, 3.0}) { // bits of fields made before
    const auto threshold = static_cast<std::uint64_t>(std::llround(std::exp2(d - 3) * 0x1p32));
    for (const std::uint64_t word : {std::uint64_t{0}, threshold - 1, threshold, threshold + 1})
      if (word < (std::uint64_t{1} << 32))
        for (const std::uint32_t last : {0u, 0xffffffffu})
          CHECK(rules(3, d).alive({static_cast<std::uint32_t>(word), 0, 0, last}) == (word < threshold));
  }
  const auto small = rules(100, 50); // 2^-50 of 2^64: numbers below 2^14
  CHECK(small.alive({0, 0, 0, (1u << 14) - 1}));
  CHECK_FALSE(small.alive({0, 0, 0, 1u << 14}));
  CHECK_FALSE(small.alive({1, 0, 0, 0}));
  CHECK(rules(100, 100).alive({0xffffffffu, 0, 0, 0xffffffffu}));
  CHECK_FALSE(rules(200, 100).alive({0, 0, 0, 1})); // 2^-100: as good as never
  std::uint64_t before = 0;
  for (double d = 1; d <= 100; d += 0.25) { // nested in d
    CHECK(rules(100, d).last_alive >= before);
    before = rules(100, d).last_alive;
  }
}

TEST_CASE("Which profile, and what it refuses", "[cascade_spine]") {
  solvers::BetaCascadeParameters p;
  const auto keys = [&] {
    core::Problems problems;
    p.validate(problems);
    std::string all;
    for (const auto& problem : problems.all())
      all += problem.key + " ";
    return all;
  };
  CHECK_FALSE(p.oriented());
  CHECK(keys().empty());
  p.profile = "oriented";
  CHECK(keys() == "points ");
  p.points = 0;
  CHECK(keys().empty());
  p.embedding_dimension = 100;
  p.dimension = 50;
  p.hurst = 0.3;
  p.profile = "automatic";
  CHECK(p.oriented());
  CHECK(keys().empty());
  p.profile = "product";
  CHECK(keys() == "profile ");
  p.profile = "automatic";
  const auto high = solvers::BetaCascade(p, 1).sample(0);
  CHECK(high.spine != nullptr);
  CHECK(high.tree == nullptr);
  p.embedding_dimension = 8;
  p.dimension = 4;
  const auto low = solvers::BetaCascade(p, 1).sample(0);
  CHECK(low.tree != nullptr);
  CHECK(low.spine == nullptr);
}
