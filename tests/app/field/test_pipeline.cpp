// Whole tiny runs: honest, whatever the label says, and the same bits at any rank count.

#include "tests/app/mutants.hpp"
#include "tests/app/tiny_runs.hpp"
#include "theory/beta_law.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

using namespace cascade;
using analysis::Result;
using app::Report;

namespace {

bool has_result(const Report& report, const std::string& id) {
  return std::any_of(report.results.begin(), report.results.end(),
                     [&](const app::Judged& j) { return j.result.id == id; });
}

/// Within 4 standard errors, an error that says something.
void check_near(const Report& report, const std::string& id, double expected, double largest_error) {
  const Result& r = test::result(report, id);
  CAPTURE(id, r.measured.value, r.measured.standard_error, expected);
  CHECK(std::abs(r.measured.value - expected) < 4 * r.measured.standard_error);
  CHECK(r.measured.standard_error < largest_error);
}

/// The same fields under another law.
std::shared_ptr<const solvers::GeneratorParameters>
under_law(const std::shared_ptr<const solvers::GeneratorParameters>& field, const theory::LawPtr& law) {
  return std::make_shared<test::Remade>(
      field, [=](std::uint64_t seed) { return std::make_unique<test::Liar>(field->make(seed), law); });
}

} // namespace

TEST_CASE("A run measures everything that was asked for, by both methods", "[pipeline]") {
  const Report report = test::run(test::config_of(test::tiny_input), core::Communicator::self());
  for (const char* id :
       {"grid/zeta/p2", "sampled/zeta/p1", "sampled/zeta/p2", "grid/spectrum_slope", "grid/dimension_box/active",
        "sampled/dimension_box/active", "grid/alpha/uniform/volume/k0/q2", "grid/alpha/uniform/active/k0/q2",
        "grid/alpha/oracle/active/k0/q2", "sampled/alpha/uniform/volume/k0/q2", "sampled/alpha/uniform/active/k0/q2",
        "sampled/alpha/oracle/active/k0/q2"}) {
    CAPTURE(id, report.warnings);
    CHECK(has_result(report, id));
  }
  for (const app::Judged& j : report.results) {
    const Result& r = j.result;
    CAPTURE(r.id);
    CHECK(std::isfinite(r.measured.value));
    CHECK(r.measured.standard_error > 0);
    CHECK(r.curve.x.size() == r.curve.y.size());
    CHECK(r.fit.points >= 3);
  }
  // Of |increment|^1 the curve of 64 points shows little; 16 to 256 leaves are too few thresholds: no exponents, but a
  // word about each.
  for (const auto& [id, why] : {std::pair<std::string, std::string>{"grid/zeta/p1", ": too short a range"},
                                {"grid/alpha/adaptive/volume/k0/q2", ": too few scales"}}) {
    CAPTURE(id, report.warnings);
    CHECK_FALSE(has_result(report, id));
    CHECK(std::any_of(report.warnings.begin(), report.warnings.end(),
                      [&, begin = id + why](const std::string& w) { return w.starts_with(begin); }));
  }
  CHECK(report.theory.dimension == 1.7);
  CHECK(report.theory.source == "generator");
  CHECK_FALSE(report.verdict.empty());
}

TEST_CASE("Measurements together: no two results have one name", "[pipeline]") {
  // results.h5 has one group a name: two of them ended the run after all its work.
  const std::string line = "{partition_function: {}, leaders: {p: 1}, spectrum: {}, ",
                    plane = "{turbulence: {}, increment_moments: {}, increment_pdf: {}, spectrum: {}, ";
  for (const auto& [field, analysis] :
       {std::pair<std::string, std::string>{"{generator: multiplicative_cascade, model: p_model, carrier: density, "
                                            "embedding_dimension: 1, points: 2048}",
                                            line},
        {"{generator: gaussian, embedding_dimension: 2, components: vector, points: 16}", plane}}) {
    const Report report = test::run(
        test::config_of(fmt::format("run: {{name: all, realisations: 2}}\nfield: {}\n"
                                    "analysis: {} structure_function: {{orders: [1, 2, 3]}}, box_counting: {{}}}}\n"
                                    "approximation: {{enabled: false}}\nsampling: {{enabled: false}}\n",
                                    field, analysis)),
        core::Communicator::self());
    std::multiset<std::string> ids;
    for (const app::Judged& j : report.results)
      ids.insert(j.result.id);
    for (const std::string& id : ids) {
      CAPTURE(field, id);
      CHECK(ids.count(id) == 1);
    }
    CHECK(ids.size() > 3);
    CHECK(ids.contains("grid/width") == (analysis == line));
    CHECK(ids.contains("grid/f_width") == (analysis == line));
  }
}

TEST_CASE("Stages that were not asked for are not run", "[pipeline]") {
  const Report report = test::run(test::config_of(R"(
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
approximation: {enabled: false}
sampling: {trees: 16, pairs: 64}
)"),
                                  core::Communicator::self());
  REQUIRE(report.results.size() == 1);
  CHECK(report.results[0].result.id == "sampled/zeta/p2");
  CHECK(report.hypotheses.empty());
}

TEST_CASE("A theory of the input's own turns the verdicts and moves no measured bit", "[pipeline]") {
  const auto self = core::Communicator::self();
  const Report own = test::run(test::config_of(test::tiny_input), self);
  const Report declared = test::run(test::config_of(test::tiny_input + "theory: {dimension: 1.2, hurst: 0.6}\n"), self);
  CHECK(test::same_bits(test::measured_numbers(own), test::measured_numbers(declared)));
  CHECK(declared.theory.source == "input");
  CHECK(declared.theory.dimension == 1.2);
  CHECK(declared.theory.hurst == 0.6);
  for (const char* id : {"sampled/dimension_box/active", "sampled/alpha/oracle/active/k0/q2"}) {
    CAPTURE(id);
    CHECK(test::judged(own, id).verdict != app::Verdict::rejected);
    CHECK(test::judged(declared, id).verdict == app::Verdict::rejected);
  }
  CHECK(own.verdict != declared.verdict);
}

TEST_CASE("Behind its law's back: the measurement follows the field, not the label", "[pipeline][slow]") {
  const auto self = core::Communicator::self();
  for (const auto& [d, h, claimed_d, claimed_h] :
       {std::array{1.4, 0.3, 1.9, 0.3}, std::array{1.8, 0.2, 1.3, 0.6}}) { // true and claimed
    app::RunConfig lying = test::config_of(fmt::format(R"(
run: {{seed: 5}}
field: {{generator: beta_cascade, embedding_dimension: 2, dimension: {}, hurst: {}, points: 128, virtual_levels: 28}}
analysis: {{structure_function: {{orders: [2]}}, box_counting: {{}}}}
approximation: {{degrees: [0], loss_powers: [2], pieces: 16}}
sampling: {{trees: 32, pairs: 512, cells: 128}}
)",
                                                       d, h)),
                   honest = lying;
    lying.field = under_law(lying.field, std::make_shared<theory::BetaLaw>(2, claimed_d, claimed_h, "a lie"));
    const Report told = test::run(lying, self), fair = test::run(honest, self);
    CAPTURE(d, h, claimed_d, claimed_h);
    CHECK(told.theory.dimension == claimed_d);
    // Every measured bit is the same whatever the label.
    CHECK(test::same_bits(test::measured_numbers(told), test::measured_numbers(fair)));
    // N_j, the box dimension, zeta and alpha are the field's ...
    check_near(told, "sampled/dimension_box/active", d, 0.05);
    check_near(told, "sampled/zeta/p2", 2 * h + 2 - d, 0.1);
    check_near(told, "sampled/alpha/oracle/active/k0/q2", 2 * h / d, 0.03);
    check_near(told, "sampled/alpha/uniform/volume/k0/q2", (2 * h + 2 - d) / 2, 0.05);
    // ... and far from the label's.
    const Result& dimension = test::result(told, "sampled/dimension_box/active");
    CHECK(std::abs(dimension.measured.value - claimed_d) > 10 * dimension.measured.standard_error);
    CHECK(test::judged(told, dimension.id).verdict == app::Verdict::rejected);
    const Result& alpha = test::result(told, "sampled/alpha/oracle/active/k0/q2");
    CHECK(std::abs(alpha.measured.value - 2 * claimed_h / claimed_d) > 2 * std::abs(alpha.measured.value - 2 * h / d));
    // One tree of few levels: the grid's dimension is nearer to the truth than to the lie.
    const double on_grid = test::result(told, "grid/dimension_box/active").measured.value;
    CHECK(std::abs(on_grid - d) < std::abs(on_grid - claimed_d));
    // The number of alive cells is counted: its curve is not a power of the label's d.
    const auto& curve = dimension.curve;
    const double slope = -std::log2(curve.y[0] / curve.y[8]) / std::log2(curve.x[0] / curve.x[8]);
    CHECK(std::abs(slope - d) < std::abs(slope - claimed_d) / 3);
  }
}

TEST_CASE("Where nothing is promised all is measured and nothing judged, but by a law the input declares in full",
          "[pipeline]") {
  const auto self = core::Communicator::self();
  const auto lawless = [&](const std::string& declared) {
    app::RunConfig config = test::config_of(test::tiny_input + declared);
    config.field = under_law(config.field, nullptr);
    return config;
  };
  const Report own = test::run(test::config_of(test::tiny_input), self), silent = test::run(lawless(""), self);
  CHECK(test::same_bits(test::measured_numbers(own), test::measured_numbers(silent)));
  for (const app::Judged& j : silent.results)
    CHECK(j.verdict == app::Verdict::not_judged);
  CHECK(silent.hypotheses.empty());
  CHECK(silent.theory.source == "none");
  CHECK(silent.theory.embedding_dimension == 2);
  const auto resolved = nlohmann::json::parse(lawless("").json());
  CHECK(resolved["field"]["dimension"] == 1.7);
  const Report declared = test::run(lawless("theory: {dimension: 1.7, hurst: 0.3}\n"), self);
  for (std::size_t i = 0; i < own.results.size(); ++i) // the same law, whoever declares it
    CHECK(declared.results[i].verdict == own.results[i].verdict);
  CHECK(declared.theory.source == "input");
  CHECK_THROWS_WITH(test::run(lawless("theory: {hurst: 0.3}\n"), self), Catch::Contains("theory.dimension"));
}

TEST_CASE("A grid of few octaves: no exponents, a word about each, and a report", "[pipeline]") {
  const Report report = test::run(test::config_of(R"(
field: {generator: beta_cascade, embedding_dimension: 3, dimension: 2.6, points: 8}
analysis: {structure_function: {orders: [2]}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2], averages: [active]}
sampling: {enabled: false}
)"),
                                  core::Communicator::self());
  CHECK(report.results.empty());
  for (const char* id : {"grid/dimension_box/active", "grid/zeta/p2", "grid/alpha/uniform/active/k0/q2"}) {
    const std::string words = std::string(id) + ": too few scales for an exponent: ";
    CAPTURE(words, report.warnings);
    CHECK(std::any_of(report.warnings.begin(), report.warnings.end(), [&](const std::string& w) {
      return w.starts_with(words) && w.ends_with("are needed; no exponent is given");
    }));
  }
}

TEST_CASE("A step has one name, in the plan and in the times of the report", "[pipeline]") {
  const auto config = test::config_of(test::tiny_input);
  const app::RunPlan plan = app::make_plan(config, {1, 1, std::int64_t{64} << 30, "a test"});
  std::set<std::string> planned, timed;
  for (const app::PlanStage& stage : plan.stages)
    planned.insert(stage.name);
  CHECK(planned.erase("report") == 1); // written after the times it holds
  for (const auto& [name, seconds] : test::run(config, core::Communicator::self()).timing)
    timed.insert(name);
  CHECK(timed == planned);
  CHECK(timed.size() == 11); // the field, five measurements on the grid, three on the point view, fits, expectations
}

TEST_CASE("The report has the same bits at every rank count", "[mpi][slow]") {
  const auto world = core::Communicator::world();
  const std::string one_dimensional = R"(
run: {seed: 2, realisations: 9}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 512, virtual_levels: 11}
analysis: {structure_function: {orders: [2]}, spectrum: {}, box_counting: {thresholds: [1]}}
approximation: {degrees: [1], loss_powers: [2], origin: random}
sampling: {trees: 16, pairs: 64, cells: 32}
)";
  const std::string three_dimensional = R"(
run: {seed: 2}
field: {generator: beta_cascade, dimension: 2.6, points: 32, virtual_levels: 11}
analysis: {structure_function: {orders: [2]}, spectrum: {}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2]}
sampling: {trees: 16, pairs: 32, cells: 16}
)";
  for (const std::string& input : {test::tiny_input, one_dimensional, three_dimensional}) {
    const auto config = test::config_of(input);
    const Report parallel = test::run(config, world);
    const std::vector<double> numbers = test::all_numbers(parallel);
    const std::string text = test::words(parallel);
    // Rank 0 alone once more; everybody compares with that.
    std::string expected_text;
    std::vector<double> expected;
    if (world.rank() == 0) {
      const Report serial = test::run(config, core::Communicator::self());
      expected_text = test::words(serial);
      expected = test::all_numbers(serial);
    }
    expected_text = world.broadcast(expected_text, 0);
    expected = world.gather_all(expected);
    std::int64_t wrong[] = {test::same_bits(numbers, expected) ? 0 : 1, text == expected_text ? 0 : 1};
    world.sum(std::span<std::int64_t>(wrong));
    CHECK(wrong[0] == 0);
    CHECK(wrong[1] == 0);
    CHECK(parallel.results.size() > 6);
  }
}
