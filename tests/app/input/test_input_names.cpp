// A mistyped input file: what was meant, or what there is.
#include "app/input/input_names.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

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
