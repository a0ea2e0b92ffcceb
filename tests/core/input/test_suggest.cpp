#include "core/input/suggest.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace cascade::core;

TEST_CASE("edit distance: known values", "[suggest]") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("hurts", "hurst") == 1); // one swap of neighbours
  CHECK(edit_distance("ca", "abc") == 3);      // optimal string alignment: no edit between the swapped letters
}

TEST_CASE("edit distance is symmetric, zero on equal words only, and bounded by the longer word", "[suggest]") {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> length(0, 8), letter('a', 'c');
  const auto word = [&] {
    std::string w(static_cast<std::size_t>(length(random)), ' ');
    for (char& c : w)
      c = static_cast<char>(letter(random));
    return w;
  };
  for (int i = 0; i < 2000; ++i) {
    const std::string a = word(), b = word();
    const std::size_t distance = edit_distance(a, b);
    REQUIRE(distance == edit_distance(b, a));
    REQUIRE((distance == 0) == (a == b));
    REQUIRE(distance <= std::max(a.size(), b.size()));
    REQUIRE(distance >= std::max(a.size(), b.size()) - std::min(a.size(), b.size()));
  }
}

TEST_CASE("suggestions are near, and absent when nothing is", "[suggest]") {
  const std::vector<std::string> keys{"embedding_dimension", "dimension", "hurst", "points", "virtual_levels"};
  CHECK(suggest("dimenson", keys) == "dimension");
  CHECK(suggest("Hurst", keys) == "hurst");
  CHECK(suggest("point", keys) == "points");
  CHECK(suggest("virtual", keys) == "virtual_levels"); // the beginning of one key
  CHECK_FALSE(suggest("viscosity", keys));
  CHECK_FALSE(suggest("", keys));
  CHECK_FALSE(suggest("h", keys));
  CHECK_FALSE(suggest(std::string(5000, 'x'), keys));
  CHECK(suggestion("dimenson", keys) == "; did you mean 'dimension'?");
  CHECK(suggestion("zzz", keys, {"a.zzz", "b.zzz"}) == "; did you mean 'a.zzz' or 'b.zzz'?");
  CHECK(suggestion("dimenson", keys, {"a.x", "b.x"}) == "; did you mean 'dimension', 'a.x' or 'b.x'?");
  CHECK(suggestion("viscosity", keys).empty());
}
