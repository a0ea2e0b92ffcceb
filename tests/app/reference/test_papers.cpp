// The manual page and the completion say what the tables say. How they look and work is tested by tests/install.
#include "app/reference/completion.hpp"
#include "app/reference/keys.hpp"
#include "app/reference/manual.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace cascade;

namespace {

/// As roff writes it.
std::string escaped(std::string text) {
  for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 2))
    text.insert(at, "\\");
  return text;
}

} // namespace

TEST_CASE("the manual page has every option, every key, every generator", "[reference]") {
  const std::string page = app::manual_page();
  for (const app::OptionDescription& option : app::option_descriptions()) {
    INFO(option.name);
    CHECK(page.find(".TP\n\\fB" + escaped(option.name) + "\\fR") != std::string::npos);
  }
  for (const core::KeyDescription& key : app::all_keys())
    if (!key.section) {
      INFO(key.path);
      CHECK(page.find(".TP\n\\fB" + escaped(key.path) + "\\fR") != std::string::npos);
    }
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    CHECK(page.find("\\fB" + entry.name + "\\fR \\fIgenerator\\fR") != std::string::npos);
  CHECK(page.find("75 stopped early") != std::string::npos);
  CHECK(page == app::manual_page());
}

TEST_CASE("no line of the manual page is a request of the text's own", "[reference]") {
  std::istringstream lines(app::manual_page());
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(".") || line.starts_with("'")) {
      INFO(line);
      const std::string word = line.substr(0, line.find(' '));
      const std::vector<std::string> known{".\\\"", ".TH", ".SH", ".SS", ".TP", ".B",
                                           ".I",    ".RI", ".BR", ".br", ".nf", ".fi"};
      CHECK(std::find(known.begin(), known.end(), word) != known.end());
    }
}

TEST_CASE("options are described as --help shows them", "[reference]") {
  const std::string help = app::help_text();
  bool set = false, color = false, force = false;
  for (const app::OptionDescription& option : app::option_descriptions()) {
    INFO(option.name);
    CHECK(help.find(option.name) != std::string::npos);
    CHECK(help.find(option.help) != std::string::npos);
    set = set || (option.name == "--set" && option.value == "KEY.PATH=VALUE");
    force = force || (option.name == "--force" && option.value.empty());
    color = color || (option.name == "--color" && option.allowed.size() == 3);
  }
  CHECK((set && color && force));
}

TEST_CASE("completion is made for bash alone, from the tables", "[reference]") {
  const std::string script = app::completion("bash");
  for (const core::KeyDescription& key : app::all_keys())
    CHECK(script.find(" " + key.path + " ") != std::string::npos);
  CHECK(script.find("['fit.judge']='") != std::string::npos);
  try {
    app::completion("fish");
    FAIL("made");
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    CHECK(std::string(error.what()).find("bash") != std::string::npos);
  }
}
