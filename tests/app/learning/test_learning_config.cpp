// Inputs of `task: learning`.

#include "app/learning/config.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

using namespace cascade::app;

namespace {

LearningConfig config_of(const std::string& text) {
  return load_learning_config(parse_input({"a.yaml", text, {}, false}));
}

std::vector<std::string> case_names(const std::string& text) {
  std::vector<std::string> names;
  for (const LearningCase& c : config_of(text).cases())
    names.push_back(c.name);
  return names;
}

} // namespace

TEST_CASE("learning input: the shipped ones are sound, explained, and tests", "[learning]") {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(cascade::test::source_dir() / "inputs")) {
    if (entry.path().extension() != ".yaml")
      continue;
    const std::string text = read_input_file(entry.path());
    const Input input = parse_input({entry.path(), text, {}, true});
    const auto task = written(input, "task");
    if (!task || task->value.text != "learning")
      continue;
    INFO(entry.path());
    ++found;
    const LearningConfig config = load_learning_config(input);
    CHECK(text[0] == '#');
    CHECK(config.run.name == entry.path().stem().string());
    CHECK_FALSE(config.check.expect.empty());
  }
  CHECK(found == 8);
}

TEST_CASE("learning input: cases are the combinations of what is swept", "[learning]") {
  CHECK(case_names("task: learning\n") == std::vector<std::string>{""});
  CHECK(case_names("task: learning\nsweep: {manifolds: [M1, M7]}\n") == std::vector<std::string>{"M1", "M7"});
  const std::string text =
      "task: learning\ndata: {manifold: cube}\nsweep: {dimensions: [1, 2], hursts: [0.3, 0.5], smooth: true}\n";
  CHECK(case_names(text) ==
        std::vector<std::string>{"d1_smooth", "d1_h0.3", "d1_h0.5", "d2_smooth", "d2_h0.3", "d2_h0.5"});
  const auto cases = config_of(text).cases();
  CHECK(cases[0].data.made.target.kind == "band");
  CHECK(cases[5].data.made.target.kind == "modes");
  CHECK(cases[5].data.made.target.hurst == 0.5);
  CHECK(*cases[5].data.made.dimension == 2);
}

TEST_CASE("learning input: the resolved configuration reads as itself", "[learning]") {
  const LearningConfig config =
      config_of("task: learning\ndata: {manifold: cube, dimension: 3, target: {kind: modes}}\n"
                "learners: [{kind: tree, split: pca}, {kind: network, width: 32}]\n");
  const LearningConfig again = config_of(config.json());
  CHECK(again.json() == config.json());
  CHECK(again.learners[1].width == 32);
}
