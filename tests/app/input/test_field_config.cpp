#include "app/input/field_config.hpp"
#include "core/talk/errors.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace cascade;
using app::RunConfig;

namespace {

RunConfig load(const std::string& text, const std::vector<core::Setting>& settings = {}, bool checking = false) {
  return app::load_config(app::parse_input({"inputs/my run.yaml", text, settings, checking}));
}

/// The message of a refused input, or nothing if it was accepted.
std::string refusal(const std::string& text, const std::vector<core::Setting>& settings = {}, bool checking = false) {
  try {
    load(text, settings, checking);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "";
}

const std::string smallest = "field: {generator: beta_cascade}";

std::vector<std::filesystem::path> yaml_files(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(cascade::test::source_dir() / folder))
    if (entry.path().extension() == ".yaml")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace

TEST_CASE("the generator's name alone is an input", "[run_config]") {
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    INFO(entry.name);
    if (entry.name == "file") { // of a field of others a file must be named
      CHECK_THROWS_WITH(load("field: {generator: file}"), Catch::Contains("field.path: missing"));
      continue;
    }
    const RunConfig config = load("field: {generator: " + entry.name + "}");
    CHECK(config.generator == entry.name);
    CHECK(config.run.name == "my_run"); // the file's stem, fit for a folder
    CHECK(config.seed() == 1);
    CHECK(config.realisations() >= 1);
    const auto resolved = nlohmann::json::parse(config.json());
    CHECK(resolved["analysis"]["structure_function"]["orders"] == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(resolved["approximation"]["degrees"] == std::vector<int>{0, 1});
    CHECK(resolved["approximation"]["loss_powers"] == std::vector<double>{2});
    CHECK(config.field->shape().dimensions == 3);
    CHECK_FALSE(config.theory.declared());
  }
}

TEST_CASE("every stage runs without an analysis section, the named ones with it", "[run_config]") {
  const auto stages = [](const std::string& text) {
    const RunConfig c = load(smallest + "\n" + text);
    std::vector<bool> asked;
    for (const char* name : {"structure_function", "spectrum", "box_counting", "approximation"})
      for (const app::ChosenMeasurement& one : c.analysis.all())
        if (one.entry->name == name)
          asked.push_back(one->asked);
    return asked;
  };
  CHECK(stages("") == std::vector<bool>{true, true, true, true});
  CHECK(stages("analysis: {spectrum: {}}") == std::vector<bool>{false, true, false, true});
  CHECK(stages("analysis:\n  spectrum:\n  box_counting: {}") == std::vector<bool>{false, true, true, true});
  CHECK(stages("analysis: {}") == std::vector<bool>{false, false, false, true});
  CHECK(stages("analysis: {spectrum: {enabled: false}, box_counting: {enabled: true}}") ==
        std::vector<bool>{false, false, true, true});
  CHECK(stages("approximation: {enabled: false}") == std::vector<bool>{true, true, true, false});
}

TEST_CASE("the command line wins over the check, which wins over the file", "[run_config]") {
  const std::string text =
      smallest + "\nrun: {seed: 1}\nsampling: {trees: 20}\ncheck: {set: {run.seed: 2, sampling.trees: 30}}";
  CHECK(load(text).run.seed == 1);
  CHECK(load(text, {}, true).run.seed == 2);
  CHECK(load(text, {{"run.seed", "3", ""}}, true).run.seed == 3);
  CHECK(load(text, {{"run.seed", "3", ""}}, true).sampling.wish.trees == 30);
  CHECK(load(text, {{"run.seed", "3", ""}}).sampling.wish.trees == 20);
  const RunConfig set = load(smallest, {{"analysis.structure_function.orders", "[2, 1/2]", ""}});
  CHECK(nlohmann::json::parse(set.json())["analysis"]["structure_function"]["orders"] == std::vector<double>{2, 0.5});
}

TEST_CASE("a measurement that came later is off unless named, and leaves no trace then", "[run_config]") {
  const auto resolved = [](const std::string& text) {
    return nlohmann::json::parse(load(smallest + "\n" + text).json())["analysis"];
  };
  for (const char* text :
       {"", "analysis: {}", "analysis: {spectrum: {}}", "analysis: {increment_moments: {enabled: false}}"}) {
    CAPTURE(text);
    CHECK_FALSE(resolved(text).contains("increment_moments"));
    CHECK(resolved(text).size() == 3);
  }
  const auto named = resolved("analysis: {increment_moments: {separations_per_octave: 2}}");
  CHECK(named["increment_moments"]["enabled"] == true);
  CHECK(named["increment_moments"]["separations_per_octave"] == 2);
  CHECK(named["spectrum"]["enabled"] == false);
}

TEST_CASE("analysis.approximation and run.sampling are the older sections at the top", "[run_config]") {
  const std::string field = "field: {generator: beta_cascade, points: 0}\n";
  const RunConfig top = load(field + "analysis: {spectrum: {}}\napproximation: {degrees: [1]}\nsampling: {trees: 20}");
  const std::string inside =
      field + "run: {sampling: {trees: 20}}\nanalysis: {spectrum: {}, approximation: {degrees: [1]}}";
  CHECK(load(inside).json() == top.json());
  CHECK(load(inside, {{"analysis.approximation.degrees", "[0]", ""}, {"run.sampling.trees", "30", ""}}).json() ==
        load(field + "analysis: {spectrum: {}}\napproximation: {degrees: [0]}\nsampling: {trees: 30}").json());
  CHECK(refusal(inside + "\nsampling: {trees: 16}").find("2:7: run.sampling: sampling at the top of the input") !=
        std::string::npos);
  CHECK(refusal(inside, {{"sampling.trees", "20", ""}, {"run.sampling.trees", "20", ""}}).find("set twice") !=
        std::string::npos);
  CHECK(refusal(field + "analysis: {approximation: {degree: [1]}}").find("did you mean 'degrees'") !=
        std::string::npos);
}

TEST_CASE("settings are checked like the file, under their own name", "[run_config]") {
  CHECK(refusal(smallest, {{"run.seed", "-1", ""}}).find("--set run.seed: run.seed: -1 is out of range; allowed") == 0);
  CHECK(refusal(smallest, {{"dimension", "2.5", ""}}).find("; did you mean 'field.dimension' or 'theory.dimension'?") !=
        std::string::npos);
  CHECK(refusal(smallest, {{"run.sead", "1", ""}}).find("did you mean 'seed'?") != std::string::npos);
  CHECK(refusal(smallest, {{"run.seed", "1", ""}, {"run.seed", "2", ""}}).find("set twice") != std::string::npos);
  CHECK(refusal(smallest, {{"field.dimension", "3.5", ""}}).find("--set field.dimension: field.dimension: d = 3.5") ==
        0);
}

TEST_CASE("a key of another generator is told from a mistyped one", "[run_config]") {
  CHECK(refusal("field: {generator: gaussian, virtual_levels: 24}")
            .find("it belongs to generator beta_cascade, not gaussian") != std::string::npos);
}

namespace {

/// The shipped inputs that make one field; those of scaling laws are in test_scaling_config.cpp, campaigns in
/// test_campaign_sweep.cpp.
std::vector<std::filesystem::path> field_inputs() {
  auto files = yaml_files("inputs");
  std::erase_if(files, [](const auto& file) {
    const app::Input input = app::parse_input({file, app::read_input_file(file), {}, false});
    return app::written(input, "task") || app::written(input, "sweep");
  });
  return files;
}

} // namespace

TEST_CASE("the resolved configuration is complete and reads back to itself", "[run_config]") {
  std::vector<std::pair<std::string, bool>> texts{{smallest, false}, {smallest + "\noutput: {field: true}", false}};
  for (const auto& file : field_inputs())
    for (const bool checking : {false, true})
      if (file.stem() != "own_field") // below: its data lie beside it
        texts.emplace_back(app::read_input_file(file), checking);
  for (const auto& [text, checking] : texts) {
    INFO(text);
    const RunConfig config = load(text, {}, checking);
    const std::string once = config.json();
    const RunConfig again = load(once);
    CHECK(again.json() == once);
    const auto json = nlohmann::json::parse(once);
    CHECK(json["run"]["realisations"] == config.realisations());
    if (json["field"]["generator"] != "multiplicative_cascade") // which has no one h
      CHECK_FALSE(json["field"]["hurst"].is_null());
    CHECK_FALSE((json["field"].contains("points") && json["field"]["points"].is_null()));
  }
}

TEST_CASE("the resolved configuration of a field from a file reads back where its files are", "[run_config]") {
  for (const auto& file : field_inputs()) {
    if (file.stem() != "own_field")
      continue;
    const auto read = [&](const std::string& text) {
      return app::load_config(app::parse_input({file, text, {}, false}));
    };
    const RunConfig config = read(app::read_input_file(file));
    CHECK(config.field->shape().given);
    CHECK(config.field->shape().box->points(1) == 344);
    CHECK(read(config.json()).json() == config.json());
  }
}

TEST_CASE("the shipped inputs are sound, explained, and tests", "[run_config]") {
  const auto files = field_inputs();
  REQUIRE(files.size() >= 6);
  for (const auto& file : files) {
    INFO(file);
    const std::string text = app::read_input_file(file);
    const RunConfig config = app::load_config(app::parse_input({file, text, {}, true}));
    CHECK(config.run.name == file.stem().string());
    CHECK_FALSE(config.check.expect.empty());
    CHECK_FALSE(config.check.set.empty());
    CHECK(text[0] == '#');
  }
}

TEST_CASE("every bad input is refused with the messages it announces, and no others", "[run_config]") {
  const auto files = yaml_files("tests/bad_inputs");
  REQUIRE(files.size() >= 40);
  for (const auto& file : files) {
    INFO(file);
    const std::string text = app::read_input_file(file);
    std::vector<std::string> expected, got;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line) && line.starts_with("# expect: ");)
      expected.push_back(line.substr(10, line.find('\r') - 10));
    try {
      app::load_config(app::parse_input({file.filename(), text, {}, false}));
    } catch (const core::Error& error) {
      CHECK(error.code() == core::ExitCode::bad_input);
      std::istringstream message(error.what());
      for (std::string line; std::getline(message, line);)
        got.push_back(line);
    }
    REQUIRE_FALSE(expected.empty());
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) { // "..." stands for anything
      INFO(got[i]);
      const std::string full = file.filename().string() + ":" + expected[i];
      const std::size_t gap = full.find("...");
      CHECK(got[i].starts_with(full.substr(0, gap)));
      if (gap == std::string::npos)
        CHECK(got[i] == full);
      else
        CHECK(got[i].ends_with(full.substr(gap + 3)));
    }
  }
}

TEST_CASE("files that cannot be read say why", "[run_config]") {
  const auto reason = [](const std::string& file) {
    try {
      app::read_input_file(file);
    } catch (const core::Error& error) {
      CHECK(error.code() == core::ExitCode::bad_input);
      return std::string(error.what());
    }
    return std::string();
  };
  const auto folder = std::filesystem::temp_directory_path() / "cascade_test_run_config";
  std::filesystem::create_directories(folder);
  CHECK(reason(folder / "none.yaml").find("none.yaml: no such file") != std::string::npos);
  CHECK(reason(folder).find("is a directory") != std::string::npos);
  std::ofstream(folder / "big.yaml") << std::string((1 << 20) + 1, '#');
  CHECK(reason(folder / "big.yaml").find("larger than") != std::string::npos);
  CHECK(reason("/dev/zero").find("larger than") != std::string::npos); // endless
  std::ofstream(folder / "good.yaml") << smallest;
  CHECK(app::read_input_file(folder / "good.yaml") == smallest);
  std::filesystem::remove_all(folder);
}
