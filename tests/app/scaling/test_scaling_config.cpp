#include "app/scaling/config.hpp"
#include "app/scaling/loss_table.hpp"
#include "core/input/json_writer.hpp"
#include "core/talk/errors.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <set>
#include <typeinfo>

using namespace cascade;
using namespace cascade::app;

namespace {

std::string refusal(const std::string& text) {
  try {
    load_scaling_config(parse_input({"a.yaml", text, {}, false}));
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("scaling input: the resolved configuration reads back to itself") {
  const std::string text =
      "study: loss_table\nloss_table:\n  file: t.csv\n  x: n\n  filters: [{column: a, equals: '1'}]\n";
  const Input input = parse_input({"folder/a.yaml", text, {{"loss_table.bootstrap", "7", ""}}, false});
  const ScalingConfig config = load_scaling_config(input);
  const auto& study = dynamic_cast<const LossTableStudy&>(*config.study);
  CHECK(study.bootstrap == 7);
  CHECK(study.path("folder/a.yaml") == "folder/t.csv");
  CHECK(study.path("a.yaml") == "t.csv");
  CHECK(config.run.name == "a");
  CHECK(load_scaling_config(parse_input({"folder/a.yaml", config.json(), {}, false})).json() == config.json());
}

TEST_CASE("scaling input: a study keeps its own section, the others' are looked at") {
  const std::string text = "study: pedestal\npedestal: {exponent: 0.5}\nnoisy_samples: {samples: 128}\n";
  const std::string json = load_scaling_config(parse_input({"a.yaml", text, {}, false})).json();
  CHECK(json.find("\"exponent\": 0.5") != std::string::npos);
  CHECK(json.find("noisy_samples") == std::string::npos);
  CHECK(refusal("study: pedestal\nnoisy_samples: {smaples: 128}\n").find("noisy_samples.smaples: unknown key") !=
        std::string::npos);
}

TEST_CASE("scaling input: every study of the table can be chosen by its name") {
  std::set<std::string> names;
  for (const StudyEntry& entry : studies()) {
    names.insert(entry.name);
    ScalingConfig config;
    config.study_name = entry.name;
    core::JsonWriter writer;
    config.declare_studies(writer);
    REQUIRE(config.study != nullptr);
    const std::unique_ptr<Study> made = entry.make();
    const Study &chosen = *config.study, &named = *made;
    CHECK(typeid(chosen) == typeid(named));
    CHECK_FALSE(config.study->plan().empty());
  }
  CHECK(names.size() == studies().size());
}

TEST_CASE("scaling input: what is wrong, and where") {
  CHECK(refusal("task: scaling_law\n").find("study: missing") != std::string::npos);
  CHECK(refusal("task: scaling_law\nstudy: pedestl\n").find("a.yaml:2:8: study: 'pedestl' is not known") !=
        std::string::npos);
  CHECK(refusal("task: scaling_law\nstudy: pedestal\npedestal: {exponnt: 1}\n").find("pedestal.exponnt: unknown key") !=
        std::string::npos);
  CHECK(refusal("task: scaling_law\nstudy: loss_table\n").find("loss_table.file: missing") != std::string::npos);
  CHECK(refusal("task: scaling_law\nstudy: noisy_samples\nnoisy_samples: {samples: 1000}\n")
            .find("a.yaml:3:26: noisy_samples.samples: 1000 is no power of two") != std::string::npos);
  CHECK(refusal("task: scaling_law\nstudy: pedestal\nband: [0.2, 0.1]\n").find("a.yaml:3:7: band") !=
        std::string::npos);
}

TEST_CASE("scaling input: the shipped ones are sound, and tests") {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(cascade::test::source_dir() / "inputs")) {
    const std::string file = entry.path().string();
    if (entry.path().extension() != ".yaml")
      continue;
    const Input input = parse_input({file, read_input_file(file), {}, true});
    const auto task = written(input, "task");
    if (!task || task->value.text != "scaling_law")
      continue;
    const ScalingConfig config = load_scaling_config(input);
    CHECK(config.run.name == entry.path().stem().string());
    CHECK_FALSE(config.check.expect.empty());
    found.insert(config.study_name);
  }
  for (const StudyEntry& entry : studies()) {
    INFO(entry.name);
    CHECK(found.contains(entry.name));
  }
}
