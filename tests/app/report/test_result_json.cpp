// What is written of a result is read again, for every quantity: known ones and one that nobody knows.
#include "app/report/result_json.hpp"
#include "support/fp_traps.hpp"
#include "tests/app/sample_report.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace cascade;
using Json = nlohmann::ordered_json;

namespace {

/// A quantity of its own, with labels, axes and a sign that no writer has heard of.
app::Judged invented() {
  analysis::Result r;
  r.id = "grid/asymmetry/odd";
  r.stage = "asymmetry";
  r.quantity = "asymmetry";
  r.method = "grid";
  r.labels = {{"kind", "odd"}, {"lag", std::int64_t{3}}, {"width", 0.1}, {"window", ""}};
  r.measured = {-0.25, 0.01, {-0.27, -0.23}};
  r.curve.x_axis = {"time", "turnover", analysis::Scale::linear};
  r.curve.y_axis = {"asymmetry", "1", analysis::Scale::linear};
  r.curve.x = {-1, 0, 1};
  r.curve.y = {-0.5, -0.25, 0.125};
  analysis::Answer known, unknown;
  known.measured = r.measured;
  unknown.status = analysis::FitStatus::no_range;
  unknown.reason = "two octaves";
  r.evidence = analysis::Evidence::generators_curve;
  known.points_of_its_own = {"k", "1", "energy", "1", {1, 2}, {3, 4}, {0.1, 0.2}, {3.1, 4.1}, {-1, -0.5}};
  r.curve.fitted = {-0.5, -0.2, 0.1};
  r.curve.residual = {0, -1, 0.5};
  r.curve.local_slope_error = {0.1, 0.2, 0.1};
  r.fitted_by = analysis::Way::curve;
  r.answers = {{analysis::Way::blind, unknown}, {analysis::Way::curve, known}};
  r.judged_by = analysis::Way::curve;
  r.status = unknown.status;
  r.reason = unknown.reason;
  return app::unjudged(r);
}

} // namespace

TEST_CASE("Every result comes back from JSON as it went", "[result_json]") {
  app::Report report = test::sample_report();
  report.results.push_back(invented());
  app::CurveTest& test = report.results[0].test.emplace();
  test.p_value = 0.25;
  test.statistic = "Hotelling T^2";
  test.at = {0.5};
  report.results[0].expected = {report.results[0].result.curve.y, {}, {}, {1, 2}};
  report.results[1].test.emplace().note = "too few scales";
  report.results[2].result.curve.x_axis.scale = analysis::Scale::log2;
  for (const app::Judged& judged : report.results) {
    INFO(judged.result.id);
    const Json json = app::to_json(judged);
    CHECK(app::to_json(app::judged_from_json(json)) == json);
    CHECK(app::to_json(app::judged_from_json(Json::parse(json.dump()))) == json);
  }
  const Json json = app::to_json(report.results.back());
  CHECK(json["curve"]["fitted"][1] == -0.2);
  CHECK(json["curve"]["residual"][2] == 0.5);
  CHECK(json["curve"]["local_slope_error"][1] == 0.2);
  CHECK(json["fitted_by"] == "curve");
  CHECK(json["answers"]["curve"]["curve"]["fitted"][0] == 3.1);
  CHECK_FALSE(app::to_json(report.results.front())["curve"].contains("fitted")); // no fit lies on these points
  report.answer = {"Is it?", "No.", {"grid/asymmetry/odd"}};
  const Json whole = app::to_json(report);
  CHECK(app::to_json(app::report_from_json(whole)) == whole);
}

TEST_CASE("Any task's report can carry a page of its own, which comes back as it went", "[result_json]") {
  for (const char* task : {"field", "scaling_law"}) {
    app::Report report = test::sample_report();
    report.task = task;
    CHECK_FALSE(app::to_json(report).contains("page"));
    report.page.answers = {"No."};
    report.page.tables = {{"Sizes", {"d", "h"}, {{"2.8", "0.27"}}, "as measured"}};
    report.page.figures = {{"sizes", "Sizes", "By eye.", "d", "h", false, {{"a", "points", {1, 2}, {3, 4}, {}}}}};
    report.page.figures[0].x_log = false;
    report.page.figures[0].results = {report.results[0].result.id};
    const Json json = app::to_json(report);
    const Json& page = json.at(report.task == "field" ? "page" : "scaling");
    CHECK(page.at("tables").at(0).at("rows").at(0).at(1) == "0.27");
    CHECK(app::to_json(app::report_from_json(json)) == json);
    CHECK(app::to_markdown(report).find("| 2.8 | 0.27 |") != std::string::npos);
  }
}

TEST_CASE("What is not known stays unknown on the way through JSON", "[result_json]") {
  const test::FpTrapsOff off; // values that are not numbers on purpose
  app::Report report = test::sample_report();
  report.results[0].result.measured = {std::numeric_limits<double>::quiet_NaN(), 0.1, {}};
  report.results[0].result.fit.chi2_per_dof = std::numeric_limits<double>::infinity();
  report.results[0].result.curve.y[2] = std::nan("");
  report.results[0].predicted.reset();
  report.results[0].z.reset();
  report.theory.dimension = report.theory.hurst = std::nan("");
  report.run.config_json = "not json {";
  const Json json = app::to_json(report);
  CHECK(app::to_json(app::report_from_json(json)) == json);
  CHECK_FALSE(app::report_from_json(json).results[0].predicted);
}

TEST_CASE("Settings of a new quantity are an object of their own, without the names of others", "[result_json]") {
  const Json json = app::to_json(invented());
  CHECK(json["settings"] == Json::parse(R"({"kind": "odd", "lag": 3, "width": 0.1, "window": null})"));
  CHECK(json["settings"]["lag"].is_number_integer());
  CHECK(json["curve"]["drawn"] == Json::parse(R"({"x": "linear", "y": "linear"})"));
  CHECK_FALSE(app::to_json(test::sample_report().results[0])["curve"].contains("drawn"));
}

TEST_CASE("JSON that is no result is refused", "[result_json]") {
  for (const char* name : {"id", "settings", "measured", "fit", "curve", "verdict", "curve_test"}) {
    INFO(name);
    Json json = app::to_json(invented());
    json.erase(name);
    CHECK_THROWS_AS(app::judged_from_json(json), Json::exception);
  }
  Json json = app::to_json(invented());
  json["verdict"] = "guilty";
  CHECK_THROWS_WITH(app::judged_from_json(json), "'guilty' is no verdict");
}

TEST_CASE("A long curve on a linear axis is thinned along that axis", "[result_json]") {
  app::Judged judged = invented();
  judged.result.curve.x.clear();
  judged.result.curve.y.clear();
  for (int i = -50'000; i <= 50'000; ++i) {
    judged.result.curve.x.push_back(i);
    judged.result.curve.y.push_back(-i);
  }
  const Json x = app::to_json(judged)["curve"]["x"];
  CHECK(x.size() > 450);
  CHECK(x.size() <= 501);
  CHECK(x.front() == -50'000.0);
  for (std::size_t i = 1; i < x.size(); ++i)
    CHECK(x[i].get<double>() - x[i - 1].get<double>() == Approx(200).margin(1));
}
