// The same exponent by several ways in one report: which is judged, what the input may ask for, how often curves of
// vectors and of shifted partitions hold the truth.
#include "tests/app/tiny_runs.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using analysis::Evidence;
using analysis::Way;

namespace {

const std::string series = R"(
run: {name: series, seed: 5, realisations: 1}
field: {generator: gaussian, embedding_dimension: 1, points: 4096, hurst: 0.4}
analysis: {structure_function: {orders: [1, 2]}, spectrum: {}}
approximation: {degrees: [1], loss_powers: [2], partitions: [uniform], averages: [volume]}
)";

app::Report report_of(const std::string& text, const std::vector<core::Setting>& settings = {}) {
  return test::run(test::config_of(text, settings), core::Communicator::self());
}

} // namespace

TEST_CASE("Every exponent of a grid has its answers, and the blind one is judged", "[answers]") {
  const app::Report report = report_of(series);
  for (const char* id : {"grid/zeta/p1", "grid/zeta/p2"}) {
    CAPTURE(id);
    const analysis::Result& r = test::result(report, id);
    CHECK(r.answers.size() == 3);
    CHECK(r.judged_by == Way::blind);
    CHECK(r.evidence == Evidence::counted);
    CHECK(r.measured.value == r.answers.at(Way::blind).measured.value);
    // in one dimension S_p and E_p have the same exponent
    CHECK(r.measured.value ==
          Approx((*r.order) / 2 * test::result(report, "grid/zeta/p2").measured.value).margin(0.02));
  }
  // A blind alpha is zeta_q/D, a law's word: no measured loss is in it, and it cannot speak for that law.
  const analysis::Result& alpha = test::result(report, "grid/alpha/uniform/volume/k1/q2");
  CHECK(alpha.answers.size() == 3);
  CHECK(alpha.judged_by == Way::curve);
  CHECK(alpha.evidence == Evidence::generators_curve);
  CHECK(alpha.answers.at(Way::blind).evidence == Evidence::theory);
  CHECK(alpha.measured.value != alpha.answers.at(Way::blind).measured.value);
  const analysis::Result& slope = test::result(report, "grid/spectrum_slope");
  CHECK(slope.answers.size() == 2); // nobody knows a curve of a spectrum
  CHECK(slope.measured.value == Approx(-1 - test::result(report, "grid/zeta/p2").measured.value).epsilon(1e-12));
}

TEST_CASE("An input may ask for another way; without the blind one the others are what they were", "[answers][slow]") {
  const app::Report blind = report_of(series), curve = report_of(series, {{"fit.judge", "curve", ""}}),
                    plain = report_of(series, {{"fit.judge", "plain", ""}}),
                    without = report_of(series, {{"blind.enabled", "false", ""}});
  const auto measured = [](const app::Report& report) { return test::result(report, "grid/zeta/p2").measured.value; };
  const auto& answers = test::result(blind, "grid/zeta/p2").answers;
  CHECK(measured(curve) == answers.at(Way::curve).measured.value);
  CHECK(measured(plain) == answers.at(Way::plain).measured.value);
  CHECK(measured(without) == measured(curve));
  CHECK(test::result(curve, "grid/zeta/p2").evidence == Evidence::generators_curve);
  CHECK_FALSE(test::result(without, "grid/zeta/p2").answers.contains(Way::blind));
}

TEST_CASE("One octave is no range: shown, not judged, and said", "[answers]") {
  const app::Report report = report_of(
      series, {{"field.points", "16384", ""}, {"field.low_cutoff", "1000", ""}, {"field.high_cutoff", "2000", ""}});
  const app::Judged& j = test::judged(report, "grid/zeta/p2");
  CHECK(j.result.status == analysis::FitStatus::no_range);
  CHECK(j.verdict == app::Verdict::undecided);
  bool said = false;
  for (const std::string& warning : report.warnings)
    said = said || warning.find("no range") != std::string::npos;
  CHECK(said);
}

TEST_CASE("Answers have the same bits at any number of ranks", "[answers][mpi]") {
  const auto config = test::config_of(series, {{"field.embedding_dimension", "2", ""}, {"field.points", "64", ""}});
  const auto world = core::Communicator::world();
  const app::Report shared = test::run(config, world), alone = test::run(config, core::Communicator::self());
  CHECK(test::same_bits(test::all_numbers(shared), test::all_numbers(alone)));
  for (const app::Judged& j : shared.results)
    for (const auto& [way, answer] : j.result.answers)
      CHECK(answer.measured.value == test::result(alone, j.result.id).answers.at(way).measured.value);
}

TEST_CASE("Curves of vectors and of shifted partitions hold the truth", "[answers][slow]") {
  constexpr int fields = 20, fewest = 15; // 95% each: fewer once in 3000
  const std::string setup = R"(
run: {name: many, realisations: 8}
field: {generator: gaussian, embedding_dimension: 2, points: 128, hurst: 0.4}
analysis: {structure_function: {orders: [2]}}
approximation: {degrees: [0, 1], loss_powers: [2], partitions: [uniform], averages: [volume]}
)";
  for (const auto& [key, value, id] : {std::tuple{"field.components", "vector", "grid/zeta/longitudinal/p2"},
                                       {"field.components", "vector", "grid/alpha/uniform/volume/k0/q2"},
                                       {"approximation.origin", "random", "grid/alpha/uniform/volume/k0/q2"},
                                       {"approximation.origin", "random", "grid/alpha/uniform/volume/k1/q2"}}) {
    int covered = 0;
    for (int seed = 1; seed <= fields; ++seed) {
      const app::Judged j =
          test::judged(report_of(setup, {{key, value, ""}, {"run.seed", std::to_string(seed), ""}}), id);
      REQUIRE(j.result.answers.contains(Way::curve));
      const auto& interval = j.result.answers.at(Way::curve).measured.interval95;
      covered += interval.at(0) <= j.predicted->value && j.predicted->value <= interval.at(1);
    }
    CAPTURE(key, id, covered);
    CHECK(covered >= fewest);
  }
}
