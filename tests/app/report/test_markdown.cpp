// report.md: the verdict first, every hypothesis and result, nothing that breaks a table.
#include "support/fp_traps.hpp"
#include "tests/app/sample_report.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <sstream>

using namespace cascade;

TEST_CASE("report.md gives the verdict first and leaves nothing out") {
  const app::Report report = test::sample_report();
  const std::string text = app::to_markdown(report);
  CHECK(text.find(report.verdict) < text.find("##"));
  for (const app::Hypothesis& h : report.hypotheses)
    CHECK_THAT(text, Catch::Contains(h.sentence));
  for (const std::string& warning : report.warnings)
    CHECK_THAT(text, Catch::Contains(warning));
  CHECK_THAT(text, Catch::Contains("seed 1") && Catch::Contains("zeta_6") && Catch::Contains("box dimension"));
  CHECK_THAT(app::to_markdown(app::Report()), Catch::Contains("Provenance"));
}

TEST_CASE("Every table row of report.md has as many cells as its head") {
  const test::FpTrapsOff traps_off; // values that are not numbers on purpose
  app::Report report = test::sample_report();
  report.hypotheses.front().sentence = "abs |x| | and a\nnew line";
  report.results.front().result.measured.value = std::numeric_limits<double>::quiet_NaN();
  std::istringstream lines(app::to_markdown(report));
  std::string line;
  std::ptrdiff_t width = 0;
  while (std::getline(lines, line)) {
    if (line.rfind("|", 0) != 0) {
      width = 0;
      continue;
    }
    for (std::size_t at = 0; (at = line.find("\\|", at)) != std::string::npos;)
      line.erase(at, 2);
    const auto cells = std::count(line.begin(), line.end(), '|');
    width = width == 0 ? cells : width;
    CHECK(cells == width);
  }
}
