// Factors drawn with a tilted law: their density is what it is said to be, and means are those of the field.

#include "core/random/random.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "solvers/cascade/tilted_points.hpp"
#include "support/sample_statistics.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace cascade;

namespace {

solvers::MultiplicativeCascade cascade_of(const std::string& model, int D) {
  solvers::MultiplicativeCascadeParameters a;
  a.model = model;
  a.embedding_dimension = D;
  a.points = 0;
  if (model == "lognormal")
    a.mu = 0.6;
  if (model == "random_beta")
    a.x = 0.3;
  return {a, 3};
}

const std::vector<std::string> tilted_models{"lognormal", "log_poisson", "p_model", "random_beta"};

} // namespace

TEST_CASE("Words drawn with a tilted law have the density that is said", "[multiplicative_cascade]") {
  constexpr int draws = 40000;
  constexpr double order = 6;
  const core::CounterRng random(1, core::Stream{7});
  for (const std::string& model : tilted_models) {
    CAPTURE(model);
    const auto rules = cascade_of(model, 2).rules(4, 0);
    const solvers::TiltedFactors tilted(rules.multipliers, order);
    test::Sample ratio, back, large, sixth;
    for (std::uint64_t i = 0; i < draws; ++i) {
      const core::Block own = random.block(i), choice = random.block(i, 1);
      const std::uint32_t child = own[2] >> 30;
      const solvers::FactorWords plain{own[0], own[1]};
      const auto words =
          tilted.draw(plain, child, core::uniform(choice[0], choice[1]), core::uniform(choice[2], choice[3]));
      const auto factor = [&](const solvers::FactorWords& w) { return (*rules.multipliers)(w.parent, child, w.child); };
      ratio.add(tilted.ratio(plain, child));
      back.add(1 / tilted.ratio(words, child));
      large.add(factor(words) / tilted.ratio(words, child));
      sixth.add(std::pow(factor(words), order) / tilted.ratio(words, child));
    }
    const bool dies = model == "random_beta"; // 1/ratio misses the dead words
    CHECK(std::abs(ratio.z(1)) < 4);
    CHECK(std::abs(back.z(dies ? 1 - 0.15 : 1)) < 4);
    CHECK(std::abs(large.z(rules.multipliers->moment(1))) < 4);
    // What makes it worth while: the moment itself scatters by less than the interval's width.
    CHECK(sixth.mean() == Approx(rules.multipliers->moment(order)).epsilon(2e-3));
    CHECK(sixth.standard_error() < 2e-3 * sixth.mean());
  }
}

TEST_CASE("A tilt of order zero is the field itself, and nothing is tilted where nothing is random",
          "[multiplicative_cascade]") {
  const auto cascade = cascade_of("lognormal", 2);
  CHECK(cascade.sample(0).tilted != nullptr);
  CHECK(cascade_of("beta", 2).sample(0).tilted == nullptr);
  const auto paths = cascade.sample(0).tilted({0, 6});
  const std::vector<core::Coordinate> x{core::to_coordinate(0.3), core::to_coordinate(0.8)};
  std::vector<double> value(1), ratios(22);
  test::Sample square, first;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    paths->evaluate(i, 0, x, 10, 10, x, value, ratios);
    square.add(value[0] * value[0]);
    CHECK(ratios[10] == 1);
    first.add(ratios[11 + 1]); // of one level
  }
  CHECK(square.standard_error() < 0.1 * square.mean());
  CHECK(std::abs(first.z(1)) < 4);
}
