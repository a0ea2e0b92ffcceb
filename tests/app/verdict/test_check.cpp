#include "app/verdict/check.hpp"
#include "app/verdict/judging.hpp"
#include "support/fp_traps.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace cascade::app;

namespace {

Report report_with(const std::string& id, double measured, std::optional<double> predicted) {
  Report report;
  cascade::analysis::Result result;
  result.id = id;
  result.measured.value = measured;
  report.results.push_back(predicted ? judged(result, {*predicted, "p/3"}) : unjudged(result));
  return report;
}

int exit_code_of(const CheckLine& expectation, Report& report) {
  CheckSection check;
  check.expect.push_back(expectation);
  judge(check, report);
  REQUIRE(report.checks.size() == 1);
  return report.exit_code;
}

} // namespace

TEST_CASE("a value within its tolerance passes, the edge included", "[check]") {
  Report inside = report_with("a", 0.75, 0.7), edge = report_with("a", 0.75, 0.7),
         outside = report_with("a", 0.75, 0.7);
  CHECK(exit_code_of({"a", 0.7, 0.1}, inside) == 0);
  CHECK(exit_code_of({"a", 0.5, 0.25}, edge) == 0);
  CHECK(exit_code_of({"a", 0.5, 0.2499}, outside) == 6);
  CHECK_FALSE(outside.checks[0].passed);
}

TEST_CASE("without a value the result's own prediction is expected", "[check]") {
  Report report = report_with("a", 0.75, 0.7), none = report_with("a", 0.75, std::nullopt);
  CHECK(exit_code_of({"a", std::nullopt, 0.1}, report) == 0);
  CHECK(report.checks[0].expected == 0.7);
  CHECK(exit_code_of({"a", std::nullopt, 0.1}, none) == 6);
  CHECK(none.warnings.size() == 1);
}

TEST_CASE("a missing result and a NaN fail, whatever the tolerance", "[check]") {
  const cascade::test::FpTrapsOff off;
  Report missing = report_with("sampled/zeta/p2", 0.7, 0.7);
  CHECK(exit_code_of({"sampled/zeta/p3", 1.0, std::numeric_limits<double>::max()}, missing) == 6);
  CHECK(missing.warnings.at(0).find("did you mean 'sampled/zeta/p2'?") != std::string::npos);
  Report nan = report_with("a", std::numeric_limits<double>::quiet_NaN(), 0.7);
  CHECK(exit_code_of({"a", 1.0, std::numeric_limits<double>::max()}, nan) == 6);
}

TEST_CASE("an exit code that says worse is kept", "[check]") {
  Report report = report_with("a", 1, 1);
  report.exit_code = 5;
  CHECK(exit_code_of({"a", 2.0, 0.1}, report) == 5);
}
