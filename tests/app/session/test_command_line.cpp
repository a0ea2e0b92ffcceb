#include "app/session/command_line.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using app::CommandLine;

namespace {

CommandLine parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "cascade");
  return app::parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string refusal(const std::vector<const char*>& arguments) {
  try {
    parse(arguments);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("options are understood in any order", "[command_line]") {
  const CommandLine line = parse({"--set", "a.b=1", "in.yaml", "--set", "c=[1, 2]", "--output", "there", "--force",
                                  "--quiet", "--color=never", "--check", "--dry-run"});
  CHECK(line.file == "in.yaml");
  REQUIRE(line.settings.size() == 2);
  CHECK(line.settings[0].key == "a.b");
  CHECK(line.settings[0].value == "1");
  CHECK(line.settings[0].where == "--set a.b");
  CHECK(line.settings[1].value == "[1, 2]");
  CHECK(line.output == "there");
  CHECK(line.force);
  CHECK(line.quiet);
  CHECK(line.check);
  CHECK(line.dry_run);
  CHECK(line.colour == "never");
  CHECK_FALSE(line.question);
}

TEST_CASE("a setting's value may hold equal signs and start with a minus", "[command_line]") {
  const CommandLine line = parse({"in.yaml", "--set", "run.name=a=b", "--set=field.hurst=-0.1"});
  CHECK(line.settings.at(0).value == "a=b");
  CHECK(line.settings.at(1).value == "-0.1");
}

TEST_CASE("resume, part and merge", "[command_line]") {
  CHECK(parse({"in.yaml", "--resume"}).resume);
  const CommandLine part = parse({"in.yaml", "--part", "2/12"});
  REQUIRE(part.part.has_value());
  CHECK(part.part->index == 2);
  CHECK(part.part->count == 12);
  CHECK(part.part->text() == "2/12");
  const CommandLine merge = parse({"--merge", "a", "b", "--quiet"});
  CHECK(merge.merge == std::vector<std::string>{"a", "b"});
  CHECK(merge.quiet);
  CHECK(merge.file.empty());
}

TEST_CASE("what cannot be understood is refused in one line", "[command_line]") {
  const std::vector<std::pair<std::vector<const char*>, const char*>> cases{
      {{}, "no input file"},
      {{"a.yaml", "b.yaml"}, "one input file at a time"},
      {{""}, "name is empty"},
      {{"a.yaml", "--forse"}, "unknown option --forse; did you mean '--force'?"},
      {{"a.yaml", "--dryrun"}, "did you mean '--dry-run'?"},
      {{"a.yaml", "-x"}, "unknown option -x"},
      {{"a.yaml", "--set"}, "--set"},
      {{"a.yaml", "--set", "points"}, "--set points: expected key.path=value"},
      {{"a.yaml", "--set", "=3"}, "expected key.path=value"},
      {{"a.yaml", "--output"}, "--output"},
      {{"a.yaml", "--output", ""}, "--output: expected a folder"},
      {{"a.yaml", "--color", "blue"}, "--color blue: allowed: auto, always, never"},
      {{"a.yaml", "--force=maybe"}, "--force"},
      {{"a.yaml", "--part", "4/3"}, "--part 4/3: expected i/n with 1 <= i <= n"},
      {{"a.yaml", "--part", "0/3"}, "--part 0/3: expected i/n"},
      {{"a.yaml", "--part", "x"}, "--part x: expected i/n"},
      {{"a.yaml", "--part", "1/3", "--force"}, "--part and --force"},
      {{"a.yaml", "--resume", "--force"}, "--resume and --force"},
      {{"a.yaml", "--merge", "there"}, "leave FILE out"},
      {{"--merge", "there", "--set", "a=1"}, "leave --set out"},
      {{"--merge"}, "--merge"},
  };
  for (const auto& [arguments, fragment] : cases) {
    const std::string message = refusal(arguments);
    INFO(message << " should hold " << fragment);
    CHECK(message.find(fragment) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a question is a value, and ends the reading of the line", "[command_line]") {
  using Kind = app::Question::Kind;
  const auto asked = [](const std::vector<const char*>& arguments) { return parse(arguments).question.value(); };
  CHECK(asked({"--help"}).kind == Kind::help);
  CHECK(asked({"--version"}).kind == Kind::version);
  CHECK(asked({"--list"}).kind == Kind::list);
  CHECK(asked({"--describe", "--markdown"}).kind == Kind::reference);
  CHECK(asked({"--describe"}).kind == Kind::describe);
  CHECK(asked({"--describe"}).key.empty());
  CHECK(asked({"--describe", "field.points"}).key == "field.points");
}

TEST_CASE("help teaches: every option, the exit codes, an example", "[command_line]") {
  const std::string help = app::help_text();
  for (const char* part :
       {"FILE", "--set", "--output", "--force", "--dry-run", "--check", "--describe", "--list", "--quiet", "--color",
        "--version", "--resume", "--part", "--merge", "Exit codes", "75", "Example", "mpirun"}) {
    INFO(part);
    CHECK(help.find(part) != std::string::npos);
  }
}

TEST_CASE("manual page and completion are questions", "[command_line]") {
  using Kind = app::Question::Kind;
  CHECK(parse({"--man"}).question->kind == Kind::manual);
  const CommandLine line = parse({"--completion", "bash"});
  CHECK(line.question->kind == Kind::completion);
  CHECK(line.question->key == "bash");
}

TEST_CASE("flags of a table of runs are settings of its study", "[command_line]") {
  const CommandLine line = parse({"losses.csv", "--loss", "val's loss", "--tokens", "none", "--target", "1e24",
                                  "--target", "N=7B,D=2T", "--price", "3"});
  const auto value = [&](const std::string& key) {
    for (const core::Setting& s : line.settings)
      if (s.key == "compute_optimal." + key)
        return s.value;
    return std::string();
  };
  CHECK(value("loss") == "'val''s loss'"); // one string of YAML, whatever is in it
  CHECK(value("tokens") == "'none'");
  CHECK(value("target") == "'1e24; N=7B,D=2T'");
  CHECK(value("price") == "3");
  CHECK(value("params").empty());
  CHECK(refusal({"losses.csv", "--loss", ""}).find("--loss") != std::string::npos);
}
