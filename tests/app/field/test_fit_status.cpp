// Fits that know when they fail: whole runs that once quoted a failed fit as exact. What is asked of each is the kind:
// the true value inside five quoted errors, or no verdict with a word why.

#include "tests/app/tiny_runs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace cascade;
using analysis::FitStatus;
using app::Report;
using app::Verdict;

namespace {

Report run(const std::string& text) {
  return test::run(test::config_of(text), core::Communicator::self());
}

bool warned(const Report& report, const std::string& id, const std::string& word) {
  return std::any_of(report.warnings.begin(), report.warnings.end(), [&](const std::string& w) {
    return w.starts_with(id + ":") && w.find(word) != std::string::npos;
  });
}

bool has(const Report& report, const std::string& id) {
  return std::any_of(report.results.begin(), report.results.end(),
                     [&](const app::Judged& j) { return j.result.id == id; });
}

/// Every fitted exponent says how good it is, over what range, and claims no more than that.
void check_honest(const Report& report, double least_error = 1e-5) {
  CHECK_FALSE(report.results.empty());
  for (const app::Judged& j : report.results) {
    const analysis::Result& r = j.result;
    CAPTURE(r.id, r.measured.value, r.measured.standard_error, r.fit.model, r.fit.why, r.fit.p_value);
    REQUIRE(r.fit.status);
    CHECK(r.fit.octaves > 1.9);
    CHECK(r.measured.interval95.at(1) - r.measured.interval95.at(0) > least_error);
    CHECK(j.verdict != Verdict::rejected);
    if (*r.fit.status == FitStatus::good)
      CHECK((std::isnan(r.fit.p_value) || r.fit.p_value >= 0.01));
    else
      CHECK_FALSE(r.fit.why.empty());
    if (!analysis::decides(r.status))
      CHECK(j.verdict == Verdict::undecided);
    if (!analysis::decides(*r.fit.status))
      CHECK(warned(report, r.id, to_text(*r.fit.status)));
  }
}

} // namespace

TEST_CASE("Smooth increments beside rough ones: the misfit is in the error", "[fit_status]") {
  const Report report = run(R"(
run: {name: smooth, seed: 1, realisations: 16}
field: {generator: gaussian, embedding_dimension: 1, hurst: 1.3, points: 60000}
analysis: {structure_function: {orders: [2, 3]}}
approximation: {enabled: false}
)");
  check_honest(report);
  const analysis::Result& r = test::result(report, "grid/zeta/p3"); // was 2.9941 +- .0008
  CAPTURE(r.measured.value, r.measured.standard_error);
  CHECK(std::abs(r.measured.value - 3) < 3 * r.measured.standard_error);
  CHECK(r.measured.standard_error < 0.1);
}

TEST_CASE("Slow corrections that would end on a bound are free, and the error says so", "[fit_status][slow]") {
  const Report report = run(R"(
run: {name: waves, seed: 2036}
field: {generator: fourier_modes, embedding_dimension: 2, hurst: 0.88}
analysis: {structure_function: {orders: [1, 2, 3, 4, 2.5]}}
approximation: {degrees: [0, 1], loss_powers: [1, 2, 3, 4, 2.5]}
sampling: {trees: 32}
)");
  check_honest(report); // alpha of q = 3 was 1.3466 +- .0014 for 1.32
}

TEST_CASE("An octave of waves is no range", "[fit_status]") {
  const Report narrow = run(R"(
run: {name: narrow, seed: 1, realisations: 8}
field: {generator: gaussian, embedding_dimension: 1, hurst: 0.4, points: 16384, low_cutoff: 20, high_cutoff: 40}
analysis: {structure_function: {orders: [2, 4]}, spectrum: {}}
approximation: {degrees: [0, 1], loss_powers: [2, 4], partitions: [uniform], averages: [volume]}
)");
  for (const app::Judged& j : narrow.results) { // zeta_4 was -.36 +- 3e-16, and rejected
    CAPTURE(j.result.id, j.result.measured.value, j.result.measured.standard_error);
    CHECK(j.verdict == Verdict::undecided);
    CHECK_FALSE(j.result.reason.empty());
    CHECK(j.result.measured.standard_error > 1e-5);
  }
  CHECK_FALSE(has(narrow, "grid/spectrum_slope"));
  CHECK(warned(narrow, "grid/spectrum_slope", "octaves"));
  const Report fine = run(R"(
run: {name: fine, seed: 1, realisations: 8}
field: {generator: gaussian, embedding_dimension: 1, hurst: 0.4, points: 16384, low_cutoff: 1000, high_cutoff: 2000}
analysis: {structure_function: {orders: [2]}}
approximation: {enabled: false}
)");
  for (const app::Judged& j : fine.results) // "zeta_2 supported" once
    CHECK((j.verdict != Verdict::agrees && j.verdict != Verdict::supported));
}

TEST_CASE("A grid that is no power of two has few scales: a warning, not a lost run", "[fit_status]") {
  for (const int points : {8, 12, 20, 28, 36}) {
    const Report report = run(fmt::format(R"(
run: {{name: few, seed: 1, realisations: 2}}
field: {{generator: beta_cascade, embedding_dimension: 1, dimension: 0.9, hurst: 0.3, points: {}}}
analysis: {{structure_function: {{orders: [2]}}, spectrum: {{}}, box_counting: {{}}}}
approximation: {{degrees: [0], loss_powers: [2]}}
sampling: {{enabled: false}}
)",
                                          points));
    CAPTURE(points, report.warnings);
    CHECK_FALSE(report.warnings.empty());
    for (const std::string& w : report.warnings) { // words for people
      CHECK(w.find("::") == std::string::npos);
      CHECK(w.find("fit_") == std::string::npos);
    }
  }
}

TEST_CASE("A field nowhere near saturation rejects a law that is", "[fit_status][slow]") {
  const Report report = run(R"(
run: {name: liar, seed: 1}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.6, hurst: 0.3, points: 0, virtual_levels: 24}
analysis: {structure_function: {orders: [2]}}
approximation: {degrees: [0], loss_powers: [2], partitions: [uniform, adaptive, oracle], averages: [active], pieces: 20}
sampling: {trees: 32}
theory: {hurst: 0.93}
)");
  for (const app::Judged& j : report.results) {
    CAPTURE(j.result.id, j.result.measured.value);
    if (j.result.quantity == "zeta" || j.result.quantity == "alpha")
      CHECK(j.verdict == Verdict::rejected);
  }
}

TEST_CASE("A cascade that died out is no witness against its law", "[fit_status][slow]") {
  // This seed's only tree ends at cells of a quarter of the box: the spectrum is that of a few smooth eddies, 6
  // for 2.1.
  const std::string text = R"(
run: {name: extinct, seed: 5158, realisations: 1}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.78, hurst: 0.45, points: 16384}
analysis: {structure_function: {orders: [2]}, spectrum: {}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2]}
sampling: {enabled: false}
)";
  const Report report = run(text);
  REQUIRE(has(report, "grid/spectrum_slope"));
  for (const app::Judged& j : report.results) {
    CAPTURE(j.result.id, j.result.measured.value, j.result.reason);
    CHECK(j.verdict == Verdict::undecided);
    CHECK(j.result.reason.find("died out") != std::string::npos);
  }
  CHECK(warned(report, "grid", "died out"));
  // beside trees that live it is one of the zeros of the average
  const Report several =
      test::run(test::config_of(text, {core::Setting{"run.realisations", "4", "test"}}), core::Communicator::self());
  CHECK(test::judged(several, "grid/zeta/p2").verdict == Verdict::agrees);
}
