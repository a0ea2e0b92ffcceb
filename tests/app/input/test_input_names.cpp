// A mistyped input file: what was meant, or what there is.
#include "app/input/input_names.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

using namespace cascade;
using app::hint_for_missing;

TEST_CASE("the name of a missing file leads to the nearest one, or to those there are", "[input]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const auto& folder = scratch.path();
  CHECK_THAT(hint_for_missing(folder / "k41.yaml"), Catch::Contains("no .yaml file is in"));
  CHECK_THAT(hint_for_missing(folder / "none" / "k41.yaml"), Catch::Contains("there is no folder"));
  for (const char* name : {"k41.yaml", "gaussian_1d.yaml", "notes.txt"})
    std::ofstream(folder / name) << "# A first sentence. And a second.\nfield:\n";
  const std::string k41 = (folder / "k41.yaml").string();
  CHECK(hint_for_missing(folder / "k4.yaml") == "; did you mean '" + k41 + "'?");
  CHECK(hint_for_missing(folder / "k41") == "; did you mean '" + k41 + "'?");
  CHECK(hint_for_missing(folder / "k4") == "; did you mean '" + k41 + "'?");
  CHECK(hint_for_missing(folder / "something_else.yaml") == "; there are gaussian_1d.yaml, k41.yaml");
}

TEST_CASE("the inputs of a folder are listed with what they are about", "[input]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  std::ofstream(scratch.path() / "b.yaml") << "# Over two\n# lines, first. Then more.\n\n# not this\n";
  std::ofstream(scratch.path() / "a.yaml") << "field:\n";
  const std::string list = app::list_of_inputs(scratch.path());
  CHECK_THAT(list, Catch::Contains("b.yaml") && Catch::Contains(" Over two lines, first\n"));
  CHECK(list.find("a.yaml") < list.find("b.yaml"));
  CHECK_THAT(list, !Catch::Contains("not this"));
  CHECK(app::list_of_inputs(scratch.path() / "none").empty());
}

TEST_CASE("a full stop of an abbreviation does not end the sentence that an input is listed with", "[input]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  std::ofstream(scratch.path() / "a.yaml") << "# Losses of Hoffmann et al. (2022), e.g. 245 of them. More.\n";
  CHECK_THAT(app::list_of_inputs(scratch.path()),
             Catch::Contains(" Losses of Hoffmann et al. (2022), e.g. 245 of them\n"));
}

TEST_CASE("shipped inputs are found by name, after files of that name", "[input]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const auto folder = scratch.path() / "inputs";
  std::filesystem::create_directory(folder);
  for (const char* name : {"zebra2.8.yaml", "okapi.yml", "notes.txt"})
    std::ofstream(folder / name) << "# A first sentence. And a second.\n";
  ::setenv("CASCADE_INPUTS", folder.c_str(), 1);
  CHECK(app::shipped_input_names() == std::vector<std::string>{"okapi", "zebra2.8"});
  const std::string zebra = (folder / "zebra2.8.yaml").string();
  CHECK(app::find_input_file("zebra2.8") == zebra);
  CHECK(app::find_input_file("zebra2.8.yaml") == zebra);
  CHECK(app::find_input_file("okapi") == (folder / "okapi.yml").string());
  CHECK(app::find_input_file("./okapi") == "./okapi"); // a path is a path
  CHECK(app::find_input_file("notes") == "notes");
  CHECK(app::find_input_file("") == "");
  CHECK(hint_for_missing("zebra2.7") == "; did you mean 'zebra2.8', which came with the program?");
  CHECK_THAT(app::list_of_shipped_inputs("inputs"),
             Catch::Contains("  zebra2.8 ") && Catch::Contains(" A first sentence\n"));
  CHECK(app::list_of_shipped_inputs(folder).empty()); // those listed as the inputs here
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  std::ofstream("okapi") << "field:\n";
  std::filesystem::create_directory("zebra2.8"); // a folder is no input
  CHECK(app::find_input_file("okapi") == "okapi");
  CHECK(app::find_input_file("zebra2.8") == zebra);
  std::filesystem::current_path(before);
  ::unsetenv("CASCADE_INPUTS");
}
