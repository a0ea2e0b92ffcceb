#include "app/input/field_config.hpp"
#include "app/input/input.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace cascade;
using namespace cascade::app;

TEST_CASE("input: the command that makes more of a run", "[input]") {
  const InputSource source{"a b.yaml", "", {{"field.points", "64", ""}, {"fit.window", "[1, 2]", ""}}, true};
  CHECK(source.command("--part 2/3", "there") ==
        "cascade 'a b.yaml' --set field.points=64 --set 'fit.window=[1, 2]' --check --part 2/3 --output there");
  CHECK(InputSource{"a.yaml", "", {}, false}.command("--resume", "there") == "cascade a.yaml --resume --output there");
}

TEST_CASE("input: a key at the top, --set over the file", "[input]") {
  const auto value = [](const std::string& text, const std::vector<core::Setting>& settings) {
    const auto entry = written(parse_input({"a.yaml", text, settings, false}), "study");
    return entry ? core::to_text(entry->value) + " at " + entry->value.position.text() : "none";
  };
  CHECK(value("a: 1\n", {}) == "none");
  CHECK(value("a: 1\nstudy: x\n", {}) == "x at a.yaml:2:8");
  CHECK(value("study: x\n", {{"study", "y", ""}}) == "y at --set study");
  CHECK(value("a: 1\n", {{"study.deep", "y", ""}}).starts_with("{\"deep\": y}"));
  CHECK(value("study: x\n", {{"studying", "y", ""}}) == "x at a.yaml:1:8");
}

TEST_CASE("input: what is no YAML is refused once, for all readers", "[input]") {
  CHECK_THROWS_AS(parse_input({"a.yaml", "not: [closed\n", {}, false}), core::Error);
}

TEST_CASE("input: rank 0 reads, every rank has the same", "[input][mpi]") {
  const auto world = core::Communicator::world();
  const test::Scratch scratch(world);
  const std::string file = scratch.path() / "in.yaml";
  const std::string text = "field: {generator: gaussian}\n";
  if (world.rank() == 0)
    std::ofstream(file) << text;
  // the others name another file: what they have does not count
  const Input input = read_input({world.rank() == 0 ? file : "nowhere.yaml", "", {}, false}, world);
  CHECK(input.input_text == text);
  REQUIRE(input.root.find("field") != nullptr);
  InputSource source;
  if (world.rank() == 0)
    source = {file, text, {{"a.b", "'c \"d\"'", "--set a.b"}}, true};
  const InputSource got = broadcast(source, world);
  CHECK(got.input_file == file);
  CHECK(got.input_text == text);
  CHECK(got.checking);
  REQUIRE(got.settings.size() == 1);
  CHECK(got.settings[0].value == "'c \"d\"'");
}

TEST_CASE("input: a check may not turn the input into another task's", "[input]") {
  const std::string text = "field: {generator: gaussian}\ncheck: {set: {task: scaling_law}}\n";
  try {
    load_config(parse_input({"a.yaml", text, {}, false}));
    FAIL("accepted");
  } catch (const core::Error& error) {
    CHECK(std::string(error.what()).find("a.yaml:2:9: check.set: 'task' would make another input of it") !=
          std::string::npos);
  }
}
