#include "app/campaign/config.hpp"
#include "core/talk/errors.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace cascade;

namespace {

const std::string base = R"(run: {name: c, seed: 10}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 0}
sampling: {trees: 16, pairs: 64, cells: 16}
)"; // three lines: the sweep begins in line 4

app::Campaign campaign(const std::string& sweep, const std::vector<core::Setting>& settings = {}) {
  return app::load_campaign(app::parse_input({"c.yaml", base + sweep, settings, false}));
}

double value(const app::CampaignCase& c, const char* section, const char* key) {
  return nlohmann::json::parse(c.json).at(section).at(key).get<double>();
}

std::vector<std::string> names(const app::Campaign& campaign) {
  std::vector<std::string> all;
  for (const app::CampaignCase& c : campaign.cases)
    all.push_back(c.sweep.name);
  return all;
}

/// The message of a refusal with exit code 2.
std::string refusal(const std::string& sweep, const std::vector<core::Setting>& settings = {}) {
  try {
    campaign(sweep, settings);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "accepted";
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("all combinations of over, the last key running fastest", "[campaign]") {
  const auto c = campaign("sweep: {over: {field.dimension: [1.5, 1.8], field.hurst: [0.2, 0.3, 0.4]}}\n");
  CHECK(names(c) == std::vector<std::string>{"dimension1.5_hurst0.2", "dimension1.5_hurst0.3", "dimension1.5_hurst0.4",
                                             "dimension1.8_hurst0.2", "dimension1.8_hurst0.3",
                                             "dimension1.8_hurst0.4"});
  CHECK(value(c.cases[4], "field", "dimension") == 1.8);
  CHECK(value(c.cases[4], "field", "hurst") == 0.3);
  CHECK(c.cases[4].config.run.name == "dimension1.8_hurst0.3");
}

TEST_CASE("zipped lists run together, as one factor", "[campaign]") {
  const auto c = campaign(
      "sweep: {over: {run.seed: [1, 2]}, zip: {field.dimension: [1.5, 1.6, 1.8], field.hurst: [0.4, 0.3, 0.2]}}\n");
  REQUIRE(c.cases.size() == 6);
  CHECK(value(c.cases[4], "field", "dimension") == 1.6);
  CHECK(value(c.cases[4], "field", "hurst") == 0.3);
  CHECK(value(c.cases[4], "run", "seed") == 2);
}

TEST_CASE("ranges end where they say, without rounding dust", "[campaign]") {
  CHECK(names(campaign("sweep: {over: {field.hurst: {from: 0.1, to: 0.8, step: 0.1}}}\n")) ==
        std::vector<std::string>{"hurst0.1", "hurst0.2", "hurst0.3", "hurst0.4", "hurst0.5", "hurst0.6", "hurst0.7",
                                 "hurst0.8"});
  CHECK(names(campaign("sweep: {over: {field.hurst: {from: 0.8, to: 0.2, step: -0.3}}}\n")) ==
        std::vector<std::string>{"hurst0.8", "hurst0.5", "hurst0.2"});
  CHECK(names(campaign("sweep: {over: {field.hurst: {from: 0.2, to: 0.8, count: 4}}}\n")) ==
        std::vector<std::string>{"hurst0.2", "hurst0.4", "hurst0.6", "hurst0.8"});
  CHECK(names(campaign("sweep: {over: {field.hurst: {from: 0.1, to: 0.9, count: 3, log: true}}}\n")) ==
        std::vector<std::string>{"hurst0.1", "hurst0.3", "hurst0.9"});
  CHECK(names(campaign("sweep: {over: {sampling.trees: {from: 16, to: 48, step: 16}}}\n")) ==
        std::vector<std::string>{"trees16", "trees32", "trees48"});
}

TEST_CASE("families are a union; a whole section replaces the input's", "[campaign]") {
  const auto c = campaign(R"(sweep:
  - {name: rough, over: {field.hurst: [0.2, 0.3]}}
  - name: smooth
    set: {field: {generator: gaussian, embedding_dimension: 1, points: 64}, approximation.partitions: [uniform]}
    over: {field.hurst: [2.5]}
)");
  CHECK(names(c) == std::vector<std::string>{"rough_hurst0.2", "rough_hurst0.3", "smooth_hurst2.5"});
  CHECK(c.cases[2].config.generator == "gaussian");
  CHECK(nlohmann::json::parse(c.cases[2].json)["approximation"]["partitions"] == std::vector<std::string>{"uniform"});
  CHECK(c.cases[0].config.generator == "beta_cascade");
}

TEST_CASE("cases have seeds of their own unless told otherwise", "[campaign]") {
  const auto own = campaign("sweep: {over: {field.hurst: [0.2, 0.3]}}\n");
  CHECK(own.cases[0].config.run.seed == 10);
  CHECK(own.cases[1].config.run.seed == 11);
  const auto same = campaign("sweep: {seeds: same, over: {field.hurst: [0.2, 0.3]}}\n");
  CHECK(same.cases[1].config.run.seed == 10);
  const auto set = campaign("sweep: {over: {field.hurst: [0.2, 0.3]}}\n", {{"run.seed", "7", ""}});
  CHECK(set.cases[1].config.run.seed == 8);
}

TEST_CASE("seeds that cannot count up are refused where they were written", "[campaign][bad]") {
  const std::string sweep = "sweep: {over: {field.hurst: [0.2, 0.3]}}\n";
  const std::vector<core::Setting> largest{{"run.seed", "9223372036854775807", ""}};
  const std::string said = refusal(sweep, largest);
  CHECK(has(said, "--set run.seed: run.seed: 9223372036854775807 is too large for one seed a case"));
  CHECK(said.find('\n') == std::string::npos);
  CHECK(campaign("sweep: {seeds: same, over: {field.hurst: [0.2, 0.3]}}\n", largest).cases.size() == 2);
  const auto last = campaign(sweep, {{"run.seed", "9223372036854775806", ""}});
  CHECK(last.cases[1].config.run.seed == 9223372036854775807);
}

TEST_CASE("--set goes over the sweep's own keys and those of all cases", "[campaign]") {
  const auto c =
      campaign("sweep: [{name: a, over: {field.hurst: [0.2, 0.3]}}, {name: b, over: {field.hurst: [0.4]}}]\n",
               {{"sweep.group_size", "2", ""}, {"sampling.trees", "32", ""}});
  CHECK(c.sweep.group_size == 2);
  CHECK(c.cases[2].config.sampling.wish.trees == 32);
}

TEST_CASE("a key nobody knows, with its place and the nearest one", "[campaign][bad]") {
  const std::string said = refusal("sweep:\n  over:\n    field.dimensoin: [1.5, 1.8]\n");
  CHECK(has(said, "c.yaml:6:5: field.dimensoin: unknown key"));
  CHECK(has(said, "did you mean 'dimension'?"));
  CHECK(said.find('\n') == std::string::npos); // once, not for each case
  CHECK(has(refusal("sweep: {field.hurst: [0.2, 0.3]}\n"), "under `set`: sweep: {over: {field.hurst: [...]}}"));
  CHECK(has(refusal("sweep: {field: {hurst: [0.2, 0.3]}}\n"), "under `set`: sweep: {over: {field.KEY: [...]}}"));
  CHECK(has(refusal("sweep: {ovre: {field.hurst: [0.2]}}\n"), "c.yaml:4:9: sweep.ovre: unknown key"));
}

TEST_CASE("a bad value names its place and its cases", "[campaign][bad]") {
  const std::string said = refusal("sweep:\n  over:\n    field.dimension: [1.5, 2.5]\n    field.hurst: [0.2, 0.3]\n");
  CHECK(has(said, "c.yaml:6:5: field.dimension: d = 2.5 is not possible"));
  CHECK(has(said, "(case dimension2.5_hurst0.2 and 1 more)"));
}

TEST_CASE("lists that cannot be swept", "[campaign][bad]") {
  CHECK(has(refusal("sweep: {over: {field.hurst: []}}\n"), "c.yaml:4:16: field.hurst: the list is empty"));
  CHECK(has(refusal("sweep: {over: {field.hurst: 0.3}}\n"), "c.yaml:4:16: field.hurst: expected a list or a range"));
  CHECK(has(refusal("sweep: {zip: {field.dimension: [1.5, 1.6], field.hurst: [0.1, 0.2, 0.3]}}\n"),
            "c.yaml:4:44: field.hurst: 3 values, but field.dimension has 2"));
  CHECK(has(refusal("sweep: {over: {field.hurst: [0.2]}, zip: {field.hurst: [0.3]}}\n"), "is swept twice"));
  CHECK(has(refusal("sweep: {over: {output.directory: [a, b]}}\n"), "belongs to the campaign as a whole"));
  CHECK(has(refusal("sweep: {}\n"), "c.yaml:4:1: sweep: nothing is swept"));
}

TEST_CASE("ranges that lead nowhere", "[campaign][bad]") {
  CHECK(has(refusal("sweep: {over: {field.hurst: {from: 0.1, to: 0.8, step: 0}}}\n"),
            "c.yaml:4:16: field.hurst: step 0 never leads from 0.1 to 0.8"));
  CHECK(has(refusal("sweep: {over: {field.hurst: {from: 0.1, to: 0.8, step: -0.1}}}\n"), "step -0.1 never leads"));
  CHECK(has(refusal("sweep: {over: {field.hurst: {from: 0.1, to: 0.8}}}\n"), "either step or count"));
  CHECK(has(refusal("sweep: {over: {field.hurst: {from: 0.1, to: 0.8, stpe: 0.1}}}\n"), "did you mean 'step'?"));
  CHECK(has(refusal("sweep: {over: {field.hurst: {from: 0, to: 0.8, count: 4, log: true}}}\n"), "above 0"));
  CHECK(has(refusal("sweep: {over: {field.hurst: {from: 0.1, to: 0.8, step: 1e-9}}}\n"), "more than 10000 values"));
}

TEST_CASE("equal cases are refused, chosen seeds make them different", "[campaign][bad]") {
  CHECK(has(refusal("sweep: {over: {field.hurst: [0.3, 0.30]}}\n"),
            "c.yaml:4:16: sweep: case hurst0.30 is equal to case hurst0.3"));
  CHECK(has(refusal("sweep: {over: {field.hurst: [0.2, 0.3]}}\n", {{"field.hurst", "0.4", ""}}), "is equal to case"));
  CHECK(campaign("sweep: {over: {run.seed: [1, 2, 3]}}\n").cases.size() == 3);
}

TEST_CASE("families need names of their own", "[campaign][bad]") {
  CHECK(has(refusal("sweep: [{over: {field.hurst: [0.2]}}, {name: b, over: {field.hurst: [0.3]}}]\n"),
            "c.yaml:4:9: sweep.families[0].name: '' cannot begin a folder's name"));
  CHECK(has(refusal("sweep: [{name: b, over: {field.hurst: [0.2]}}, {name: b, over: {field.hurst: [0.3]}}]\n"),
            "is the name of another family"));
  CHECK(has(refusal("sweep: {over: {field.hurst: [0.2]}, families: [{name: b}]}\n"), "beside sweep.families"));
}

TEST_CASE("the check's sweep is tried out also when it is not run", "[campaign][bad]") {
  const std::string sweep = "sweep: {over: {field.hurst: [0.2, 0.3]}}\n";
  CHECK(has(refusal(sweep + "check: {set: {sweep: {over: {field.hrst: [0.2]}}}}\n"), "unknown key"));
  const auto c = app::load_campaign(
      app::parse_input({"c.yaml", base + sweep + "check: {set: {sweep: {over: {field.hurst: [0.4]}}}}\n", {}, true}));
  CHECK(names(c) == std::vector<std::string>{"hurst0.4"});
}

TEST_CASE("the shipped campaigns are sound, explained, and tests", "[campaign]") {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(cascade::test::source_dir() / "inputs")) {
    if (entry.path().extension() != ".yaml")
      continue;
    const std::string text = app::read_input_file(entry.path());
    app::Input input = app::parse_input({entry.path(), text, {}, false});
    if (!app::written(input, "sweep") || app::written(input, "task")) // other tasks have a sweep of their own
      continue;
    INFO(entry.path());
    ++found;
    CHECK(text[0] == '#');
    const auto whole = app::load_campaign(input);
    input.checking = true;
    const auto checked = app::load_campaign(input);
    CHECK(checked.cases.size() < whole.cases.size());
    CHECK_FALSE(checked.check.expect.empty());
    CHECK(whole.run.name == entry.path().stem().string());
  }
  CHECK(found >= 1);
}
