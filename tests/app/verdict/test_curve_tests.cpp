// Measured minus exact expectation is zero within its error, and is not when the field or the estimator is wrong.
#include "analysis/fit/hotelling.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/sums/tree_descent.hpp"
#include "app/verdict/curve_tests.hpp"
#include "app/verdict/judging.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "tests/app/mutants.hpp"
#include "tests/app/tiny_runs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace cascade;

namespace {

solvers::BetaCascadeParameters honest() {
  solvers::BetaCascadeParameters p;
  p.embedding_dimension = 2;
  p.dimension = 1.7;
  p.hurst = 0.3;
  p.points = 64;
  return p;
}

app::Report run_real(const std::string& input, const test::Maker& real) {
  auto config = test::config_of(input);
  config.field = std::make_shared<test::Remade>(config.field, [honest = config.field, real](std::uint64_t seed) {
    return std::make_unique<test::Swapped>(honest->make(seed), real(seed));
  });
  return test::run(config, core::Communicator::self());
}

app::Report run_mutant(const solvers::BetaCascadeParameters& real, const test::ChangedCascade::Change& change,
                       int realisations) {
  return run_real(fmt::format(R"(
run: {{name: mutant, seed: 5, realisations: {}}}
field: {{generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 128}}
analysis: {{structure_function: {{orders: [2]}}, spectrum: {{}}, box_counting: {{}}}}
approximation: {{degrees: [0], loss_powers: [2], partitions: [uniform], averages: [volume, active]}}
sampling: {{enabled: false}}
)",
                              realisations),
                  [&](std::uint64_t seed) { return std::make_unique<test::ChangedCascade>(real, change, seed); });
}

double p_value(const app::Report& report, const std::string& id) {
  const auto& test = test::judged(report, id).test;
  if (!test || !test->p_value)
    throw std::invalid_argument(id + " has no p-value: " + (test ? test->note : "no test"));
  return *test->p_value;
}

const test::ChangedCascade::Change no_change = [](solvers::CascadeRules&) {};
const std::string active = "grid/alpha/uniform/active/k0/q2", volume = "grid/alpha/uniform/volume/k0/q2",
                  increments = "grid/zeta/p2", spectrum = "grid/spectrum_slope", boxes = "grid/dimension_box/active";
constexpr double wrong = 1e-6, right = 1e-3;

} // namespace

TEST_CASE("the honest cascade meets every expectation") {
  const auto report = run_mutant(honest(), no_change, 128);
  for (const std::string& id : {active, volume, increments, spectrum, boxes}) {
    INFO(id);
    CHECK(p_value(report, id) > right);
  }
}

TEST_CASE("mutation: the exponent of the amplitudes off by 2%", "[slow]") {
  auto real = honest();
  real.hurst = 1.02 * 0.3;
  const auto report = run_mutant(real, no_change, 128);
  for (const std::string& id : {active, volume, increments, spectrum}) {
    INFO(id);
    CHECK(p_value(report, id) < wrong);
  }
  CHECK(p_value(report, boxes) > right); // the tree is the honest one
}

TEST_CASE("mutation: one level of eddies missing", "[slow]") {
  const auto last = [](solvers::CascadeRules& r) { r.amplitude.back() = 0; };
  const auto third = [](solvers::CascadeRules& r) { r.amplitude[3] = 0; };
  for (const auto& change : {test::ChangedCascade::Change(last), test::ChangedCascade::Change(third)}) {
    const auto report = run_mutant(honest(), change, 64);
    for (const std::string& id : {active, volume, increments, spectrum}) {
      INFO(id);
      CHECK(p_value(report, id) < wrong);
    }
  }
}

TEST_CASE("mutation: children live with a probability 1% too large", "[slow]") {
  auto real = honest();
  real.dimension = 1.7 + std::log2(1.01);
  const auto report = run_mutant(real, no_change, 320);
  CHECK(p_value(report, boxes) < wrong);
  CHECK(p_value(report, active) > right); // given what lives, the eddies are right
}

TEST_CASE("mutation: a profile whose mean square is off by 2%", "[slow]") {
  const auto report = run_mutant(
      honest(),
      [](solvers::CascadeRules& r) {
        for (double& a : r.amplitude)
          a *= 1.01;
      },
      128);
  for (const std::string& id : {active, volume, increments, spectrum}) {
    INFO(id);
    CHECK(p_value(report, id) < wrong);
  }
}

TEST_CASE("mutation: Gaussian amplitudes off by 2% of h", "[slow]") {
  const auto p_of = [](double hurst) {
    const auto report = run_real(R"(
run: {name: gauss, seed: 5, realisations: 32}
field: {generator: gaussian, embedding_dimension: 1, hurst: 0.3, points: 4096}
analysis: {structure_function: {orders: [1, 2]}, spectrum: {}}
approximation: {degrees: [0], loss_powers: [2, 4], partitions: [uniform], averages: [volume]}
)",
                                 [hurst](std::uint64_t seed) {
                                   solvers::GaussianParameters real;
                                   real.embedding_dimension = 1;
                                   real.points = 4096;
                                   real.hurst = hurst;
                                   return std::make_unique<solvers::Gaussian>(real, seed);
                                 });
    std::vector<double> p;
    for (const char* id : {"grid/zeta/p1", "grid/zeta/p2", "grid/spectrum_slope", "grid/alpha/uniform/volume/k0/q2",
                           "grid/alpha/uniform/volume/k0/q4"})
      p.push_back(p_value(report, id));
    return p;
  };
  for (const double p : p_of(0.3))
    CHECK(p > right);
  for (const double p : p_of(0.3 * 1.02))
    CHECK(p < wrong);
}

TEST_CASE("mutation: pairs drawn from active places only, the wrong weight") {
  solvers::BetaCascadeParameters p = honest();
  p.points = 0;
  p.virtual_levels = 16;
  const solvers::BetaCascade cascade(p, 3);
  const auto expectation = cascade.expectation(4);
  const std::vector<int> scales{4, 6, 8};
  std::vector<double> r;
  for (const int j : scales)
    r.push_back(std::exp2(-j));
  const auto expected = *expectation->increment("", 2, r, nullptr);
  constexpr int trees = 48, draws = 200;
  std::vector<std::vector<double>> weighted, biased;
  for (int tree = 0; tree < trees; ++tree) {
    const auto sample = cascade.sample(static_cast<std::uint64_t>(tree));
    analysis::TreeDescent walk(*sample.tree);
    std::vector<double> both(scales.size(), -1.0), one(scales.size(), -1.0); // relative difference
    for (int draw = 0; draw < draws; ++draw) {
      analysis::DrawStream stream(9, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw), {7});
      walk.walk(stream, scales.back());
      for (std::size_t s = 0; s < scales.size(); ++s) {
        const auto add = [&](const analysis::Place& place, bool alive) {
          if (place.weight == 0)
            return;
          std::vector<core::Coordinate> points(4);
          analysis::random_point(place.corner, place.level, stream, points.data());
          points[2] = points[0];
          points[3] = points[1];
          points[2 + stream.below(2)] += core::Coordinate{1} << (64 - scales[s]);
          std::vector<double> f(2);
          sample.field->evaluate(points, f);
          const double term = place.weight * (f[1] - f[0]) * (f[1] - f[0]) / draws / expected[s];
          both[s] += term;
          if (alive)
            one[s] += term;
        };
        add(analysis::alive_place(walk, scales[s]), true);
        add(analysis::dead_place(walk, scales[s], stream), false);
      }
    }
    weighted.push_back(both);
    biased.push_back(one);
  }
  CHECK(analysis::hotelling_of_mean(weighted).p_value > right);
  CHECK(analysis::hotelling_of_mean(biased).p_value < wrong);
}

TEST_CASE("what can be expected is, the rest says why not; nothing measured moves", "[mpi]") {
  const auto world = core::Communicator::world();
  const auto config = test::config_of(test::tiny_input);
  const auto report = test::run(config, world);
  const auto alone = test::run(config, core::Communicator::self());
  for (const app::Judged& j : report.results) {
    const analysis::Result& r = j.result;
    INFO(r.id);
    REQUIRE(j.test);
    const bool second = !r.order || *r.order == 2;
    const bool follows_field = r.labels.text("partition") == "adaptive";
    const bool expected = second && !follows_field;
    CHECK(j.expected.y.size() == (expected ? r.curve.x.size() : 0));
    CHECK(j.expected.slope.size() == j.expected.y.size());
    CHECK((j.test->p_value.has_value() || !j.test->note.empty()));
    // Sixteen trees are independent, the parts of one realisation are not; the tree of one realisation can be tested.
    CHECK(j.test->p_value.has_value() == (expected && (r.method == "sampled" || r.quantity == "dimension_box")));
    CHECK(j.expected.unconditional.empty() == (!expected || r.method != "grid" || r.quantity == "dimension_box"));
    const app::Judged& same = test::judged(alone, r.id);
    CHECK(test::same_bits(j.expected.y, same.expected.y));
    CHECK(test::same_bits(j.expected.z, same.expected.z));
    if (j.test->p_value)
      CHECK(*j.test->p_value == *same.test->p_value);
  }
}

TEST_CASE("a random origin of the partition: losses without an expectation, and the reason") {
  const auto config = test::config_of(test::tiny_input, {{"approximation.origin", "random", ""}});
  for (const app::Judged& j : test::run(config, core::Communicator::self()).results)
    if (j.result.quantity == "alpha") {
      INFO(j.result.id);
      CHECK(j.expected.y.empty());
      CHECK(j.test->note.find("no exact expectation") == 0);
    }
}

namespace {

/// Knows S_2 = 1 when it is told the counts of all realisations together, and in other cases as told.
class Partial final : public theory::Expectation {
public:
  Partial(bool without_counts, bool of_blocks) : without_counts_(without_counts), of_blocks_(of_blocks) {}
  std::string name() const override { return "partial"; }
  bool conditional() const override { return true; }
  Values increment(const std::string&, double, std::span<const double> r,
                   const theory::Activity* counts) const override {
    const bool known = counts == nullptr ? without_counts_ : counts->cells.at(1) == 2.5 || of_blocks_;
    return known ? Values(std::vector<double>(r.size(), 1.0)) : Values();
  }
  Values loss(double, int, bool, std::span<const double>, const theory::Activity*) const override { return {}; }
  Values spectrum(const theory::Activity*) const override { return {}; }
  Values cells(std::span<const double>) const override { return {}; }

private:
  bool without_counts_, of_blocks_;
};

/// Eight realisations: alternately 2 and 3 of the half cells alive, S_2 at three separations.
app::Judged attached(const theory::Expectation& expectation, const std::string& stage, const std::string& quantity) {
  analysis::Subject subject;
  subject.dimensions = 2;
  subject.points = 64;
  subject.realisations = 8;
  analysis::BlockTable cells{{0.5, 1}, {}, {}, {0, 0}}, s2{{1.0 / 64, 1.0 / 32, 1.0 / 16}, {}, {}, {8, 8, 8}};
  for (int b = 0; b < 8; ++b) {
    cells.sum.push_back({b % 2 == 0 ? 2.0 : 3.0, 1});
    cells.weight.push_back({1, 1});
    s2.sum.push_back({1 + 0.1 * b, 1 - 0.1 * b, 1 + 0.01 * b * b});
    s2.weight.push_back({1, 1, 1});
  }
  const analysis::TableSet tables{{"grid/" + stage, {{"zeta/2", s2}}}};
  analysis::Result r;
  r.stage = stage;
  r.quantity = quantity;
  r.method = "grid";
  r.order = 2;
  r.curve = analysis::make_curve("zeta/2", s2, {"r", "1"}, {"S_2", "1"});
  std::vector<app::Judged> results{app::unjudged(r)};
  app::attach_expectation(subject, analysis::View::grid, expectation, tables, &cells, results);
  return results[0];
}

} // namespace

TEST_CASE("an expectation that is not known of every block, or not without counts, is drawn and not tested") {
  for (const auto& [without_counts, of_blocks] : {std::pair{false, false}, {false, true}, {true, false}}) {
    CAPTURE(without_counts, of_blocks);
    const app::Judged j = attached(Partial(without_counts, of_blocks), "structure_function", "zeta");
    REQUIRE(j.test);
    CHECK(j.expected.y == std::vector<double>{1, 1, 1});
    CHECK(j.expected.unconditional.empty());
    CHECK_FALSE(j.test->p_value);
    CHECK(j.test->note.find("all realisations together only") != std::string::npos);
  }
  const app::Judged j = attached(Partial(true, true), "structure_function", "zeta");
  CHECK(j.test->p_value);
  CHECK(j.expected.unconditional.size() == 3);
}

TEST_CASE("a quantity nobody knows an expectation of says just that") {
  for (const char* stage : {"no_such_measurement", ""}) {
    const app::Judged j = attached(Partial(true, true), stage, "cloudiness");
    REQUIRE(j.test);
    CHECK(j.test->note == "no exact expectation of cloudiness is known: none is given");
    CHECK(j.expected.y.empty());
  }
}

TEST_CASE("sampled trees meet their expectations", "[slow]") {
  for (const char* field :
       {"embedding_dimension: 3, dimension: 2.6, hurst: 0.3", "embedding_dimension: 1, hurst: 0.4"}) {
    const auto report = test::run(test::config_of(fmt::format(R"(
run: {{name: sampled, seed: 8}}
field: {{generator: beta_cascade, {}, points: 0}}
analysis: {{structure_function: {{orders: [2]}}, box_counting: {{}}}}
approximation: {{degrees: [0, 1], loss_powers: [2], partitions: [uniform]}}
sampling: {{trees: 48, pairs: 128, cells: 24, scales: 14, lattice: 4}}
)",
                                                              field)),
                                  core::Communicator::self());
    CHECK(report.results.size() == 6);
    for (const app::Judged& j : report.results) {
      INFO(field << " " << j.result.id);
      CHECK(p_value(report, j.result.id) > right);
    }
  }
}
