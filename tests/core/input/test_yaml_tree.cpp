#include "core/input/config_tree.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace cascade::core;

namespace {

struct Outcome {
  ConfigNode root;
  std::vector<std::string> lines;
};

Outcome parse(const std::string& text) {
  Diagnostics diagnostics;
  ConfigNode root = parse_config(text, "in", diagnostics);
  return {std::move(root), diagnostics.lines()};
}

/// The single complaint about a text.
std::string complaint(const std::string& text) {
  const Outcome outcome = parse(text);
  return outcome.lines.size() == 1 ? outcome.lines[0] : "not one line but " + std::to_string(outcome.lines.size());
}

} // namespace

TEST_CASE("a plain input becomes a tree with places", "[yaml]") {
  const Outcome outcome = parse("# comment\nrun: {name: a, seed: 1}\nfit:\n  window: [1/8, 'x']\n");
  REQUIRE(outcome.lines.empty());
  const ConfigEntry* run = outcome.root.find("run");
  REQUIRE(run != nullptr);
  CHECK(run->position.text() == "in:2:1");
  CHECK(run->value.find("seed")->value.position.text() == "in:2:22");
  const ConfigNode& window = outcome.root.find("fit")->value.find("window")->value;
  REQUIRE(window.items.size() == 2);
  CHECK(window.items[0].text == "1/8");
  CHECK_FALSE(window.items[0].quoted);
  CHECK(window.items[1].quoted);
}

TEST_CASE("byte-order mark and CRLF change nothing, places included", "[yaml]") {
  const Outcome outcome = parse("\xEF\xBB\xBFrun:\r\n  seed: 1\r\n");
  REQUIRE(outcome.lines.empty());
  CHECK(outcome.root.find("run")->value.find("seed")->value.position.text() == "in:2:9");
  CHECK(outcome.root.find("run")->value.find("seed")->value.text == "1");
}

TEST_CASE("columns count characters, not bytes", "[yaml]") {
  CHECK(parse("{'é': 1, b: 2}").root.find("b")->position.text() == "in:1:10");
}

TEST_CASE("what the parser alone lets through is refused with its place", "[yaml]") {
  using Catch::Matchers::StartsWith;
  CHECK_THAT(complaint("a: 1\nb: 2\na: 3\n"), StartsWith("in:3:1: a: key repeated; first given at line 1"));
  CHECK_THAT(complaint("s:\n  a: 1\n  a: 1\n"), StartsWith("in:3:3: s.a: key repeated"));
  CHECK_THAT(complaint("a: &x 1\n"), StartsWith("in:1:4: anchors"));
  CHECK_THAT(complaint("a: &x [*x]\n"), StartsWith("in:1:4: anchors"));
  CHECK_THAT(complaint("a: 1\nb: *x\n"), StartsWith("in:2:4: "));
  CHECK_THAT(complaint("a: !!float 1\n"), StartsWith("in:1:4: tags"));
  CHECK_THAT(complaint("a: 1\n---\nb: 2\n"), StartsWith("in:2:1: a second document"));
  CHECK_THAT(complaint("a: \"never closed\n"), StartsWith("in:1:4: the quote \" that opens here is never closed"));
  CHECK_THAT(complaint("a: 'it''s\n"), StartsWith("in:1:4: the quote '"));
  CHECK_THAT(complaint("%foo\na: 1\n"), StartsWith("in:1:1: directives"));
  CHECK_THAT(complaint("a:\n\tb: 1\n"), StartsWith("in:2:1: a tab"));
  CHECK_THAT(complaint(std::string("a: \0", 4)), StartsWith("in:1:4: control character 0x00"));
  CHECK_THAT(complaint("a: \xC0\x80\n"), StartsWith("in:1:4: byte 0xc0 is not UTF-8"));
  CHECK_THAT(complaint("a: \xED\xA0\x80\n"), StartsWith("in:1:4: byte 0xed is not UTF-8"));
  CHECK_THAT(complaint("[1, 2]"), StartsWith("in:1:1: expected sections at the top"));
  CHECK_THAT(complaint("a:1"), StartsWith("in:1:1: expected sections at the top"));
  CHECK_THAT(complaint("{[1]: 2}"), StartsWith("in:1:2: a key must be a single word"));
  CHECK_THAT(complaint("a: " + std::string(17, '[') + std::string(17, ']')),
             StartsWith("in:1:19: nested more than 16"));
  CHECK_THAT(complaint("a: " + std::string(4000, '[')), StartsWith("in:1:")); // whatever the parser makes of it
}

TEST_CASE("quotes that do close are accepted", "[yaml]") {
  for (const char* text : {"a: 'it''s'", "a: \"a \\\" b\"", "a: \"two\n  lines\"", "a: ''", "a: |\n  it's \"open\n"}) {
    INFO(text);
    CHECK(parse(text).lines.empty());
  }
}

TEST_CASE("settings replace, create and refuse", "[yaml]") {
  Diagnostics diagnostics;
  ConfigNode root = parse_config("field: {points: 256}\nrun: 7\nfit:\n", "in", diagnostics);
  assign(root, {"field.points", "32", "--set field.points"}, diagnostics);
  assign(root, {"fit.window", "[1/8, 0.5]", "--set fit.window"}, diagnostics);
  assign(root, {"theory.hurst", "0.3", "--set theory.hurst"}, diagnostics);
  REQUIRE(diagnostics.empty());
  CHECK(root.find("field")->value.find("points")->value.text == "32");
  CHECK(root.find("field")->value.find("points")->value.position.text() == "--set field.points");
  CHECK(root.find("fit")->value.find("window")->value.items.size() == 2);
  CHECK(root.find("theory")->value.find("hurst")->value.text == "0.3");
  for (const char* key : {"run.seed", "", ".", "a..b", "field."}) { // run is a number here
    Diagnostics wrong;
    ConfigNode copy = root;
    assign(copy, {key, "1", "--set x"}, wrong);
    INFO(key);
    CHECK(wrong.lines().size() == 1);
  }
  Diagnostics wrong;
  assign(root, {"fit.window", "[1, ", "--set fit.window"}, wrong);
  REQUIRE(wrong.lines().size() == 1);
  CHECK(wrong.lines()[0] == "--set fit.window: fit.window: the value '[1, ' is not valid YAML");
}

TEST_CASE("mutilated inputs never crash, hang or throw", "[yaml]") {
  const std::string seed_text =
      "run: {name: a, seed: 1}\nfield:\n  generator: beta_cascade # c\n  x: [1, 'b', \"c\"]\n";
  const std::string bytes = "{}[]:,'\"#&*!|>%@` \n\t-?\r\\\xEF\xBB\xBF\x00zé1";
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::string text = seed_text;
    for (int edits = 1 + static_cast<int>(random() % 6); edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, 1 + random() % 5);
      else
        text.insert(at, 1, bytes[random() % bytes.size()]);
      if (text.empty())
        text = "a";
    }
    INFO(text);
    REQUIRE_NOTHROW(parse(text));
  }
}
