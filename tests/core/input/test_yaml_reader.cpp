#include "core/input/json_writer.hpp"
#include "core/input/reference_writer.hpp"
#include "core/input/yaml_reader.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cascade::core;

namespace {

struct Point {
  double x = 0.5;
  void declare(ParameterVisitor& v) { v.real("x", x, {0, 1}, {"1", "abscissa"}); }
};

/// One key of every kind.
struct Everything {
  double real = 1.5;
  std::optional<double> maybe_real;
  std::int64_t integer = 3;
  std::optional<std::int64_t> maybe_integer = 4;
  bool flag = false;
  std::string text = "hello";
  std::string word = "one";
  std::vector<double> reals{1, 2};
  std::vector<std::int64_t> integers{5};
  std::vector<std::string> words{"two"};
  std::vector<Setting> settings;
  std::vector<Point> points;
  double inner = 0;
  void declare(ParameterVisitor& v) {
    v.real("real", real, {0, 10}, {"box side", "a real"});
    v.real("maybe_real", maybe_real, {0, 10}, {"1", "a real or nothing"});
    v.integer("integer", integer, {-5, 5}, {"1", "an integer"});
    v.integer("maybe_integer", maybe_integer, {0, 9}, {"1", "an integer or nothing"});
    v.boolean("flag", flag, {"1", "yes | no"});
    v.text("text", text, {"1", "some text"});
    v.choice("word", word, {"one", "two"}, {"1", "a word"});
    v.reals("reals", reals, {0, 10}, {"1", "reals"});
    v.integers("integers", integers, {0, 10}, {"1", "integers"});
    v.choices("words", words, {"one", "two"}, {"1", "words"});
    bool present = true;
    v.begin("section", present, "A section.");
    v.real("inner", inner, {-1, 1}, {"1", "inside"});
    v.settings("settings", settings, {"1", "settings"});
    v.sections("points", points, "Points.");
    v.end();
  }
};

std::vector<std::string> read(const std::string& text, Everything& out) {
  Diagnostics diagnostics;
  const ConfigNode root = parse_config(text, "in", diagnostics);
  YamlReader reader(root, diagnostics);
  out.declare(reader);
  reader.finish();
  return diagnostics.lines();
}

std::vector<std::string> complaints(const std::string& text) {
  Everything ignored;
  return read(text, ignored);
}

std::string json(Everything& e) {
  JsonWriter writer;
  e.declare(writer);
  return writer.json().dump();
}

} // namespace

TEST_CASE("every kind of key is read", "[yaml]") {
  Everything e;
  const auto lines =
      read("real: 1/4\nmaybe_real: 2\ninteger: -5\nmaybe_integer: null\nflag: true\ntext: a b\nword: two\n"
           "reals: [3, 0.5]\nintegers: [0, 10]\nwords: [one, two]\n"
           "section: {inner: -1, settings: {a.b: [1, x]}, points: [{x: 0}, {}, {x: 1}]}\n",
           e);
  REQUIRE(lines.empty());
  CHECK(e.real == 0.25);
  CHECK(e.maybe_real == 2.0);
  CHECK(e.integer == -5);
  CHECK_FALSE(e.maybe_integer);
  CHECK(e.flag);
  CHECK(e.text == "a b");
  CHECK(e.word == "two");
  CHECK(e.reals == std::vector<double>{3, 0.5});
  CHECK(e.integers == std::vector<std::int64_t>{0, 10});
  CHECK(e.words == std::vector<std::string>{"one", "two"});
  REQUIRE(e.settings.size() == 1);
  CHECK(e.settings[0].key == "a.b");
  CHECK(e.settings[0].value == "[1, x]");
  REQUIRE(e.points.size() == 3);
  CHECK(e.points[0].x == 0);
  CHECK(e.points[1].x == 0.5);
  CHECK(e.points[2].x == 1);
}

TEST_CASE("an absent key keeps its default", "[yaml]") {
  Everything untouched, e;
  REQUIRE(read("", e).empty());
  CHECK(json(e) == json(untouched));
}

TEST_CASE("all errors of an input come at once, in its order, each with place, key and what is allowed", "[yaml]") {
  const auto lines = complaints("intger: 3\nreal: 11\nword: tow\nflag: yes\nreals: [1, 1]\nintegers: []\nwords: one\n"
                                "section:\n  inner: [1]\n  points: [{x: 2}]\n");
  REQUIRE(lines.size() == 9);
  CHECK(lines[0].find("in:1:1: intger: unknown key; allowed at the top: real, ") == 0);
  CHECK(lines[0].find("; did you mean 'integer'?") != std::string::npos);
  CHECK(lines[1] == "in:2:7: real: 11 is out of range; allowed: 0 to 10");
  CHECK(lines[2] == "in:3:7: word: 'tow' is not known; allowed: one, two; did you mean 'two'?");
  CHECK(lines[3] == "in:4:7: flag: 'yes' is neither true nor false; did you mean 'true'?");
  CHECK(lines[4] == "in:5:12: reals: 1 stands twice in the list");
  CHECK(lines[5] == "in:6:11: integers: the list is empty; give at least one value");
  CHECK(lines[6] == "in:7:8: words: expected a list, got 'one'; write [one]");
  CHECK(lines[7] == "in:9:10: section.inner: expected a single value, got a list");
  CHECK(lines[8] == "in:10:16: section.points[0].x: 2 is out of range; allowed: 0 to 1");
}

TEST_CASE("a known key in the wrong section is found", "[yaml]") {
  const auto lines = complaints("inner: 0.5\n");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("; did you mean 'section.inner'?") != std::string::npos);
}

TEST_CASE("numbers in quotes, null where a value is due, wrong shapes", "[yaml]") {
  CHECK(complaints("real: '1'").at(0).find("in quotes is text, not a number") != std::string::npos);
  CHECK(complaints("integer:").at(0).find("expected a single value, got no value") != std::string::npos);
  CHECK(complaints("section: 3").at(0).find("expected a section") != std::string::npos);
  CHECK(complaints("section: {points: {x: 1}}").at(0).find("expected a list of sections") != std::string::npos);
  CHECK(complaints("section: {points: [1]}").at(0).find("section.points[0]: expected a section") != std::string::npos);
  CHECK(complaints("section: {settings: 1}").at(0).find("expected a section such as") != std::string::npos);
  CHECK(complaints("reals: [[1]]").at(0).find("expected single values in the list, got a list") != std::string::npos);
  CHECK(complaints("section: ").empty()); // an empty section is a section
}

TEST_CASE("a struct's own complaint is placed at the key, or the nearest section written", "[yaml]") {
  Diagnostics diagnostics;
  const ConfigNode root = parse_config("real: 2\nsection:\n  inner: 1\n  points: [{x: 0}]\n", "in", diagnostics);
  YamlReader reader(root, diagnostics);
  Problems problems;
  problems.add("section.inner", "too much");
  problems.add("section.settings", "absent");
  problems.add("section.points[0].x", "odd");
  problems.add("integer", "kept its default");
  reader.report(problems);
  const auto lines = diagnostics.lines();
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "in:1:1: integer: kept its default");
  CHECK(lines[1] == "in:2:1: section.settings: absent");
  CHECK(lines[2] == "in:3:10: section.inner: too much");
  CHECK(lines[3] == "in:4:16: section.points[0].x: odd");
}

TEST_CASE("the resolved JSON is an input that reads back to the same values", "[yaml]") {
  Everything e;
  REQUIRE(
      read("real: 1/3\ntext: 'a \"quoted\" \\ text: yes'\nsection: {settings: {a: 1/3, b: [x, 1e-3], c: true, d: 'no'},"
           " points: [{x: 0.1}]}\n",
           e)
          .empty());
  const std::string once = json(e);
  Everything again;
  REQUIRE(read(once, again).empty());
  CHECK(again.real == e.real); // bit for bit
  CHECK(again.text == e.text);
  CHECK(json(again) == once);
}

TEST_CASE("the reference says type, default, bounds and unit of every key", "[yaml]") {
  Everything e;
  ReferenceWriter writer;
  e.declare(writer);
  REQUIRE(writer.keys().size() == 15);
  CHECK(writer.keys()[0].path == "real");
  CHECK(writer.keys()[0].unit == "box side");
  CHECK(writer.keys()[0].allowed == "0 to 10");
  CHECK(writer.keys()[1].default_value == "unset");
  CHECK(writer.keys()[11].path == "section.inner");
  CHECK(writer.keys()[14].path == "section.points[].x");
  const std::string markdown = to_markdown(writer.keys());
  CHECK(markdown.find("| `flag` | boolean | `false` | true, false | - | yes \\| no |") != std::string::npos);
  CHECK(to_plain_text(writer.keys()).find("real, in box side; default 1.5; allowed: 0 to 10") != std::string::npos);
}
