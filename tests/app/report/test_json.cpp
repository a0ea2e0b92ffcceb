// report.json is an interface: every name of schema cascade-report/1 is there, and what JSON cannot say is null.
#include "support/fp_traps.hpp"
#include "tests/app/sample_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <limits>

using namespace cascade;
using Json = nlohmann::ordered_json;

namespace {

/// Names missing from an object, for a message that says which.
std::string missing(const Json& object, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    if (!object.contains(name))
      list += name + " ";
  return list;
}

const Json& result(const Json& report, const std::string& id) {
  for (const Json& r : report["results"])
    if (r["id"] == id)
      return r;
  throw std::runtime_error("no result " + id);
}

} // namespace

TEST_CASE("report.json has every name of the schema") {
  const Json json = app::to_json(test::sample_report());
  CHECK(json["schema"] == "cascade-report/1");
  CHECK(missing(json, {"schema", "verdict", "exit_code", "run", "timing", "theory", "results", "hypotheses"}) == "");
  CHECK(missing(json["run"], {"input", "config", "seed", "ranks", "version", "git", "libraries", "wall_seconds",
                              "peak_bytes_per_rank"}) == "");
  CHECK(missing(json["theory"], {"embedding_dimension", "dimension", "hurst", "zeta"}) == "");
  CHECK(missing(json["theory"]["zeta"][0], {"order", "value"}) == "");
  for (const Json& r : json["results"]) {
    CHECK(missing(r, {"id", "stage", "quantity", "order", "method", "settings", "predicted", "measured", "fit", "z",
                      "verdict", "curve"}) == "");
    CHECK(missing(r["settings"], {"partition", "average", "degree", "loss_power"}) == "");
    CHECK(missing(r["predicted"], {"value", "formula"}) == "");
    CHECK(missing(r["measured"], {"value", "standard_error", "interval95"}) == "");
    CHECK(missing(r["fit"], {"model", "window", "points", "chi2_per_dof", "loglog_slope"}) == "");
    CHECK(missing(r["curve"], {"x", "y", "standard_error", "local_slope", "expected", "expected_unconditional",
                               "expected_slope", "expected_z"}) == "");
    CHECK(r.contains("curve_test"));
  }
  for (const Json& h : json["hypotheses"])
    CHECK(missing(h, {"id", "settings", "predicted", "measured", "standard_error", "z", "verdict", "sentence"}) == "");
}

TEST_CASE("report.json: the test of a curve, and null where there is none") {
  app::Report report = test::sample_report();
  app::CurveTest& t = report.results[0].test.emplace();
  t.p_value = 0.25;
  t.statistic = "Hotelling T^2";
  t.at = {0.5, 0.25};
  report.results[1].test.emplace().note = "why not";
  const Json json = app::to_json(report);
  CHECK(missing(json["results"][0]["curve_test"],
                {"p_value", "statistic", "scales", "realisations", "conditional", "at", "z", "note"}) == "");
  CHECK(json["results"][0]["curve_test"]["p_value"] == 0.25);
  CHECK(json["results"][0]["curve_test"]["at"][1] == 0.25);
  CHECK(json["results"][1]["curve_test"]["p_value"].is_null());
  CHECK(json["results"][1]["curve_test"]["note"] == "why not");
  CHECK(json["results"][2]["curve_test"].is_null());
}

TEST_CASE("report.json keeps values and types") {
  app::Report report = test::sample_report();
  report.run.seed = std::numeric_limits<std::uint64_t>::max();
  const Json json = app::to_json(report);
  CHECK(json["run"]["seed"].get<std::uint64_t>() == report.run.seed);
  CHECK(json["run"]["config"]["field"]["points"] == 256);
  CHECK(json["run"]["libraries"].is_object());
  CHECK(json["timing"]["spectrum"] == 1.1);
  CHECK(json["theory"]["zeta"][1]["value"] == report.theory.zeta[1]);
  const Json& alpha = result(json, "sampled/alpha/adaptive/active/q2/deg0");
  CHECK(alpha["settings"]["loss_power"] == 2.0);
  CHECK(alpha["settings"]["degree"] == 0); // not to be taken for "does not apply"
  CHECK(alpha["curve"]["x"].size() == 14);
  const Json& zeta = result(json, "grid/zeta/p2");
  CHECK(zeta["settings"]["partition"].is_null());
  CHECK(zeta["settings"]["degree"].is_null());
}

TEST_CASE("NaN, infinity and absent values become null") {
  const test::FpTrapsOff traps_off; // values that are not numbers on purpose
  app::Report report = test::sample_report();
  app::Judged& judged = report.results.front();
  analysis::Result& r = judged.result;
  r.measured.value = std::numeric_limits<double>::quiet_NaN();
  r.measured.interval95.clear();
  r.curve.y.front() = std::numeric_limits<double>::infinity();
  judged.predicted.reset();
  judged.z.reset();
  r.order.reset();
  report.run.config_json = "not json {";
  const std::string text = app::to_json_text(report);
  const Json json = Json::parse(text);
  const Json& read = json["results"][0];
  CHECK(read["measured"]["value"].is_null());
  CHECK(read["measured"]["interval95"].is_null());
  CHECK(read["curve"]["y"][0].is_null());
  CHECK(read["predicted"].is_null());
  CHECK(read["z"].is_null());
  CHECK(read["order"].is_null());
  CHECK(json["run"]["config"] == "not json {");
}

TEST_CASE("The text of report.json says what the value says, the verdict near its top") {
  app::Report report = test::sample_report();
  report.run.input_text = "a: \"\xff\" # not UTF-8\n";
  const std::string text = app::to_json_text(report);
  const Json json = Json::parse(text);
  CHECK(json["results"] == app::to_json(report)["results"]);
  CHECK(text.find("\"verdict\"") < 100);
  CHECK(Json::parse(app::to_json_text(app::Report())).contains("schema"));
}

TEST_CASE("A curve of a million points is thinned in the JSON, a short one is whole") {
  app::Report report = test::sample_report();
  analysis::Curve& curve = report.results[0].result.curve;
  curve = analysis::Curve();
  for (int k = 0; k <= 200'000; ++k) {
    curve.x.push_back(k);
    curve.y.push_back(2.0 * k);
  }
  const Json json = app::to_json(report)["results"][0]["curve"];
  CHECK(json["points"] == 200'001);
  CHECK(json["x"].size() > 250);
  CHECK(json["x"].size() <= 501);
  CHECK(json["x"].size() == json["y"].size());
  CHECK(json["local_slope"].empty());
  double previous = 0;
  for (std::size_t i = 0; i < json["x"].size(); ++i) {
    const double x = json["x"][i];
    CHECK(json["y"][i] == 2 * x); // still the same points
    CHECK(x > previous);
    previous = x;
  }
  CHECK(previous > 190'000);
  CHECK(app::to_json(report)["results"][1]["curve"]["x"].size() == report.results[1].result.curve.x.size());
}
