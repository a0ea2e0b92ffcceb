// Text of others in messages: one short line that no terminal obeys.
#include "core/talk/shown.hpp"

#include <catch2/catch.hpp>

using cascade::core::plain;
using cascade::core::printable;
using cascade::core::shell_word;
using cascade::core::shown;

TEST_CASE("What a terminal would obey is written out, other text is left alone", "[shown]") {
  CHECK(shown("Größe 2.5 \xE2\x88\x92 3") == "Größe 2.5 \xE2\x88\x92 3");
  CHECK(shown("\x1b[31mred\n\tend") == "\\x1b[31mred\\n\\tend");
  CHECK(shown(std::string("a\0b", 3)) == "a\\x00b");
  CHECK(shown("\xff\xc2\x9b\x7f") == "\\xff\\xc2\\x9b\\x7f"); // not UTF-8; C1's control sequence; DEL
  CHECK(shown("a\xE2\x80\xAE"
              "b") == "a\\xe2\\x80\\xaeb"); // turns the direction
}

TEST_CASE("A long text is cut in the middle, between two characters", "[shown]") {
  const std::string text = shown(std::string(50'000'000, 'x'));
  CHECK(text.size() < 130);
  CHECK_THAT(text, Catch::Contains("49999900 bytes"));
  std::string umlauts;
  for (int i = 0; i < 100; ++i)
    umlauts += "ä";
  CHECK_THAT(shown("x" + umlauts), !Catch::Contains("\\x"));
}

TEST_CASE("A message keeps its lines, but not more than anybody reads", "[shown]") {
  CHECK(printable("a\nb\x1b\n") == "a\nb\\x1b\n");
  const std::string many = printable(std::string(100'000, '\n'));
  CHECK(many.size() < 500);
  CHECK_THAT(many, Catch::EndsWith("..."));
}

TEST_CASE("A page keeps all its lines, and a terminal obeys none of them", "[shown]") {
  CHECK(plain("a\n\n\x1b[2Jb\n") == "a\n\n\\x1b[2Jb\n");
  CHECK(plain("") == "");
  const std::string many(100'000, '\n'), wide(100'000, 'x');
  CHECK(plain(many) == many);
  CHECK(plain(wide) == wide);
}

TEST_CASE("a shell reads back the word it was given", "[shown]") {
  CHECK(shell_word("field.points=64") == "field.points=64");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("it's $(x)") == "'it'\\''s $(x)'");
  CHECK(shell_word("~") == "'~'");
}
