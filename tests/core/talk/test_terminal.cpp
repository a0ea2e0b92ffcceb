// What a terminal is told and how: colours and bar by the word of the user, lines no longer than it is wide.
#include "core/talk/terminal.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

using namespace cascade::core;

TEST_CASE("never and always are obeyed, auto asks the terminal", "[terminal]") {
  const Terminal nobody, somebody{true, true, 100}, plain{true, false, 100};
  for (const Terminal& t : {nobody, somebody}) {
    CHECK_FALSE(terminal_style("never", t).bar);
    CHECK_FALSE(terminal_style("never", t).colour);
    CHECK(terminal_style("always", t).bar);
    CHECK(terminal_style("always", t).colour);
  }
  CHECK_FALSE(terminal_style("auto", nobody).bar);
  CHECK(terminal_style("auto", somebody).colour);
  CHECK(terminal_style("auto", plain).bar);
  CHECK_FALSE(terminal_style("auto", plain).colour);
}

TEST_CASE("text is wrapped at blanks, and nothing of it is lost", "[terminal]") {
  CHECK(wrapped("one two three", 9) == "one two\nthree");
  CHECK(wrapped("one two three", 7, 2) == "one two\n  three");
  CHECK(wrapped("one two three", 13) == "one two three");
  CHECK(wrapped("one\ntwo three", 9) == "one\ntwo three");     // its own line breaks
  CHECK(wrapped("a unbreakable b", 4) == "a\nunbreakable\nb"); // longer than a line
  CHECK(wrapped("\xce\xb1\xce\xb1 \xce\xb2\xce\xb2", 5) ==
        "\xce\xb1\xce\xb1 \xce\xb2\xce\xb2"); // five columns, nine bytes
  CHECK(wrapped("", 5).empty());
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += (i == 0 ? "" : " ") + std::string(static_cast<std::size_t>(i * 7 % 11 + 1), 'x');
  std::istringstream lines(wrapped(text, 40));
  std::string joined;
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 40);
    CHECK(line.find_last_not_of(' ') == line.size() - 1);
    joined += (joined.empty() ? "" : " ") + line;
  }
  CHECK(joined == text);
}
